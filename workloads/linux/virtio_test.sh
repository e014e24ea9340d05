#!/bin/busybox sh
# Tests the virtio drivers against the machine: the words `mttcg.run=virtio-test` run it. It needs a
# disk of which sector n is filled with the byte n modulo 251 and that has 2048 sectors, a second disk
# that is read-only, an entropy source and a virtio console.
for module in $(cat /lib/modules/order); do insmod "/lib/modules/$(uname -r)/$module"; done

failed=0
check() {
  if [ "$2" = "$3" ]; then echo "@virtio ok $1"
  else echo "@virtio FAILED $1: $2, expected $3"; failed=1
  fi
}
fresh() { echo 3 >/proc/sys/vm/drop_caches; }
# The first byte of a sector in decimal.
sector() { dd if="/dev/$1" bs=512 skip="$2" count=1 2>/dev/null | od -An -tu1 -N1 | tr -d ' '; }

check disks "$(cd /sys/block && echo vd*)" "vda vdb"
check capacity "$(cat /sys/block/vda/size)" 2048
check serial "$(cat /sys/block/vda/serial)" mttcg-disk-0
check read-0 "$(sector vda 0)" 0
check read-1000 "$(sector vda 1000)" $((1000 % 251))
check read-last "$(sector vda 2047)" $((2047 % 251))
whole=$(md5sum </dev/vda)
fresh
check read-again "$(md5sum </dev/vda)" "$whole"

dd if=/dev/zero bs=1k count=300 2>/dev/null | tr '\0' 'x' >/tmp/data
dd if=/tmp/data of=/dev/vda bs=1k seek=100 conv=fsync 2>/dev/null
check write-status $? 0
fresh
check written "$(dd if=/dev/vda bs=1k skip=100 count=300 2>/dev/null | md5sum)" "$(md5sum </tmp/data)"
check before-written "$(sector vda 199)" 199
check after-written "$(sector vda 800)" $((800 % 251))

check read-only "$(cat /sys/block/vdb/ro)" 1
dd if=/tmp/data of=/dev/vdb count=1 2>/dev/null
check refused $? 1

check rng-name "$(cat /sys/class/misc/hw_random/rng_current)" virtio_rng.0
check rng-bytes "$(head -c 1000 /dev/hwrng | wc -c | tr -d ' ')" 1000
a=$(head -c 64 /dev/hwrng | md5sum)
check rng-differs "$([ "$a" != "$(head -c 64 /dev/hwrng | md5sum)" ] && echo yes)" yes

exec 3<>/dev/hvc0
echo "@virtio hello from hvc0" >&3
check console-write $? 0
# The other side types a line when it sees this one.
echo "@virtio type now" >&3
read -r line <&3
check console-read "$line" abcde

check interrupts "$([ "$(grep -c virtio /proc/interrupts)" -ge 4 ] && echo yes)" yes
[ $failed = 0 ] && echo "@virtio all ok"
exit $failed
