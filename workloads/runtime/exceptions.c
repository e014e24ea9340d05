/* Exceptions end the run with a clear line unless the program's hook takes them; interrupts go to its handler. */
#include "atomic.h"
#include "cp15.h"
#include "internal.h"

#define GICC_IAR 0x00c
#define GICC_EOIR 0x010
#define SPURIOUS 1020u

u32 (*exception_hook)(u32 type, struct exception_frame *frame, u32 status, u32 address);
void (*interrupt_handler)(u32 id, u32 number);

static const char *type_name(u32 type) {
  switch (type) {
    case EXCEPTION_UNDEFINED: return "undefined-instruction";
    case EXCEPTION_SVC: return "supervisor-call";
    case EXCEPTION_PREFETCH: return "prefetch-abort";
    case EXCEPTION_DATA: return "data-abort";
    case 7: return "fiq";
    default: return "reset-or-reserved";
  }
}

void exception_taken(u32 type, struct exception_frame *frame) {
  u32 status = 0, address = 0;
  if (type == EXCEPTION_DATA) {
    status = fault_register(0);
    address = fault_register(1);
  } else if (type == EXCEPTION_PREFETCH) {
    status = fault_register(2);
    address = fault_register(3);
  }
  if (exception_hook != NULL && exception_hook(type, frame, status, address)) return;
  fail("exception type=%s pc=%x fsr=%x far=%x vcpu=%u", type_name(type), frame->pc, status, address, current_vcpu());
}

void interrupt_taken(u32 type, struct exception_frame *frame) {
  (void)type;
  u32 acknowledge = *device(GICC_BASE + GICC_IAR), number = acknowledge & 0x3ff;
  if (number >= SPURIOUS) return;
  if (interrupt_handler == NULL)
    fail("exception type=interrupt number=%u pc=%x vcpu=%u", number, frame->pc, current_vcpu());
  interrupt_handler(current_vcpu(), number);
  *device(GICC_BASE + GICC_EOIR) = acknowledge;
}
