#!/bin/busybox sh
# First process of the Linux guest. Words of the kernel's command line that it understands:
#   mttcg.modules              load the virtio drivers
#   mttcg.online               bring up the processors that maxcpus= left out
#   mttcg.run="PROGRAM WORDS"  run a command instead of a shell
#   mttcg.end=reboot|panic     instead of power-off at the end
bb=/bin/busybox
$bb mount -t proc proc /proc
$bb mount -t sysfs sys /sys
$bb mount -t devtmpfs dev /dev 2>/dev/null
$bb mount -t tmpfs tmp /tmp
$bb --install -s /bin
export PATH=/bin:/usr/bin HOME=/ TERM=vt100
read -r up rest </proc/uptime
echo "@mttcg-linux userspace uptime=$up cpus=$(nproc) date=$(date +%s)"

words=$(cat /proc/cmdline)
case "$words" in
  *mttcg.modules*)
    for module in $(cat /lib/modules/order); do insmod "/lib/modules/$(uname -r)/$module"; done
    ;;
esac
case "$words" in
  *mttcg.online*)
    for switch in /sys/devices/system/cpu/cpu[0-9]*/online; do
      [ "$(cat "$switch")" = 1 ] || echo 1 >"$switch"
    done
    ;;
esac
case "$words" in
  *'mttcg.run="'*)
    command=${words#*'mttcg.run="'}
    command=${command%%'"'*}
    ;;
  *mttcg.run=*)
    command=${words#*mttcg.run=}
    command=${command%% *}
    ;;
  *) command= ;;
esac

if [ -n "$command" ]; then
  echo "@mttcg-linux run $command"
  sh -c "$command"
  echo "@mttcg-linux exit $?"
else
  setsid cttyhack sh
fi
sync
case "$words" in
  *mttcg.end=reboot*) reboot -f ;;
  *mttcg.end=panic*) echo c >/proc/sysrq-trigger ;;
esac
poweroff -f
