/* The workloads' runtime (../runtime/runtime.h) on Linux: threads for vCPUs, standard output for the UART. */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../runtime/atomic.h"
#include "../runtime/internal.h"

u32 vcpus = 1;

void print_list(const char *format, __builtin_va_list list) {
  for (; *format; format++) {
    if (*format != '%') {
      putchar(*format);
      continue;
    }
    switch (*++format) {
      case 's': fputs(__builtin_va_arg(list, const char *), stdout); break;
      case 'c': putchar(__builtin_va_arg(list, int)); break;
      case 'u': printf("%u", __builtin_va_arg(list, u32)); break;
      case 'U': printf("%llu", __builtin_va_arg(list, u64)); break;
      case 'x': printf("0x%08x", __builtin_va_arg(list, u32)); break;
      case 'X': printf("0x%016llx", __builtin_va_arg(list, u64)); break;
      default: putchar('%'), putchar(*format); break;
    }
  }
}

void print(const char *format, ...) {
  __builtin_va_list list;
  __builtin_va_start(list, format);
  print_list(format, list);
  __builtin_va_end(list);
  fflush(stdout);
}

void fail(const char *format, ...) {
  __builtin_va_list list;
  __builtin_va_start(list, format);
  print("@mttcg error ");
  print_list(format, list);
  print("\n");
  __builtin_va_end(list);
  exit(1);
}

u32 text_equal(const char *a, const char *b) {
  return strcmp(a, b) == 0;
}

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static u32 arrived, released;

void barrier_gather(void) {
  pthread_mutex_lock(&gate);
  while (arrived != vcpus - 1) pthread_cond_wait(&changed, &gate);
  pthread_mutex_unlock(&gate);
}

void barrier_release(void) {
  pthread_mutex_lock(&gate);
  arrived = 0;
  released++;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&gate);
}

void barrier(u32 id) {
  if (id == 0) {
    barrier_gather();
    barrier_release();
    return;
  }
  pthread_mutex_lock(&gate);
  u32 round = released;
  arrived++;
  pthread_cond_broadcast(&changed);
  while (released == round) pthread_cond_wait(&changed, &gate);
  pthread_mutex_unlock(&gate);
}

void publish(volatile u32 *word, u32 value) {
  dmb();
  *word = value;
}

void wait_for(volatile u32 *word, u32 value) {
  while (*word != value) sched_yield();
  dmb();
}

struct job {
  pthread_t thread;
  void (*body)(u32 id);
  u32 id;
};

static void *run_job(void *argument) {
  struct job *job = argument;
  job->body(job->id);
  return NULL;
}

void run_on_all(void (*body)(u32 id)) {
  struct job jobs[MAX_VCPUS];
  for (u32 id = 1; id < vcpus; id++) {
    jobs[id].body = body;
    jobs[id].id = id;
    int error = pthread_create(&jobs[id].thread, NULL, run_job, &jobs[id]);
    if (error != 0) fail("thread %u could not be started: %s", id, strerror(error));
  }
  body(0);
  for (u32 id = 1; id < vcpus; id++) pthread_join(jobs[id].thread, NULL);
}

int main(int count, char **words) {
  static char arguments[4096];
  for (int i = 1; i < count; i++) {
    if (strlen(arguments) + strlen(words[i]) + 2 > sizeof arguments) fail("too many parameters");
    strcat(arguments, words[i]);
    strcat(arguments, " ");
  }
  params_start(arguments);
  vcpus = param_number("vcpus", 1, 1, MAX_VCPUS);
  workload_main();
  print("@mttcg done\n");
  return 0;
}
