/* Says how long after the machine's start user programs run: the virtual counter starts with the machine. */
#include "../runtime/cp15.h"
#include "../runtime/runtime.h"

#include <unistd.h>

void workload_main(void) {
  u64 now = counter_now();
  u32 cpus = (u32)sysconf(_SC_NPROCESSORS_ONLN);
  u32 frequency = counter_frequency();
  print("@mttcg begin workload=linux-boot vcpus=%u freq=%u\n", cpus, frequency);
  print("@mttcg end ticks=%U ops=1 check=%s\n", now, cpus == vcpus ? "pass" : "fail");
  for (u32 id = 0; id < cpus; id++) print("@mttcg vcpu id=%u ticks=%U ops=%u\n", id, now, id == 0);
}
