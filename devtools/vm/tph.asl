/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 *
 * The test VM's firmware part: the _DSM of the host bridges that names the steering tag of a
 * processor's cache (GUID e5c937d0-3553-4d7a-9117-ea4d19c3434d, revision 7, function 0xF).
 * BRIDGE_2: there is a second host bridge.
 * One of ANSWER_full, _nofunc, _short, _wrongtype, _fail, _flaky says how it answers.
 */
#include "tags.h"

DefinitionBlock ("", "SSDT", 2, "TPHVM", "TPHDSM", 1)
{
    External (\_SB.PCI0, DeviceObj)
#ifdef BRIDGE_2
    External (\_SB.PC80, DeviceObj)
#endif

    Scope (\_SB)
    {
#ifdef ANSWER_flaky
        Name (TPHN, Zero) // bad answers so far
#endif

        /* Valid bits, PH ignored and tags of one memory type: 32 bits of the answer. */
        Method (TPHT, 4, NotSerialized) // CPU, 8-bit base, 16-bit base, persistent
        {
            Local0 = (((Arg1 + Arg0) << 8) | ((Arg2 + Arg0) << 16))
            If ((Arg3 && (Arg0 == TAG_CPU_NO_PERSISTENT)))
            {
                Return (Local0)
            }
            If ((Arg0 != TAG_CPU_NO_8))
            {
                Local0 |= 1
            }
            If ((Arg0 != TAG_CPU_NO_16))
            {
                Local0 |= 2
            }
            If ((Arg0 == TAG_CPU_PH_IGNORED))
            {
                Local0 |= 4
            }
            Return (Local0)
        }

        /* As _DSM, and the four bases of a bridge's tags */
        Method (TPHD, 5, Serialized)
        {
            If ((Arg0 != ToUUID ("e5c937d0-3553-4d7a-9117-ea4d19c3434d")))
            {
                Return (Buffer () { 0x00 })
            }
            If ((Arg2 == Zero))
            {
#ifdef ANSWER_nofunc
                Return (Buffer () { 0x01, 0x00 })
#else
                Return (Buffer () { 0x01, 0x80 })
#endif
            }
            If (((Arg2 != 0x0F) || (Arg1 < 7)))
            {
                Return (Buffer () { 0x00 })
            }

            Name (OUTB, Buffer (8) {})
            CreateDWordField (OUTB, 0, VOLA)
            CreateDWordField (OUTB, 4, PERS)
            VOLA = Zero
            PERS = Zero
            Local0 = DerefOf (Arg3 [0])
            Local1 = (DerefOf (Arg3 [1]) ^ TAG_UID_XOR)
            Local2 = DerefOf (Arg3 [2])
            /* Only the processor cache query, without properties, for a processor there is. */
            If (((Local0 == Zero) && ((Local2 == Zero) && (Local1 < TAG_CPUS))))
            {
                VOLA = TPHT (Local1, DerefOf (Arg4 [0]), DerefOf (Arg4 [2]), Zero)
                PERS = TPHT (Local1, DerefOf (Arg4 [1]), DerefOf (Arg4 [3]), One)
            }
#ifdef ANSWER_short
            Return (Buffer () { 0x03, 0x20, 0x80, 0x11 })
#endif
#ifdef ANSWER_wrongtype
            Return ("not a buffer")
#endif
#ifdef ANSWER_fail
            Return (DerefOf (Arg3 [9]))
#endif
#ifdef ANSWER_flaky
            If ((TPHN < TAG_FLAKY))
            {
                TPHN++
                Return (Buffer () { 0x00 })
            }
#endif
            Return (OUTB)
        }
    }

    Scope (\_SB.PCI0)
    {
        Method (_DSM, 4, Serialized)
        {
            Return (TPHD (Arg0, Arg1, Arg2, Arg3, Package () { TAG_VOLATILE_8,
                TAG_PERSISTENT_8, TAG_VOLATILE_16, TAG_PERSISTENT_16 }))
        }
    }

#ifdef BRIDGE_2
    Scope (\_SB.PC80)
    {
        Method (_DSM, 4, Serialized)
        {
            Return (TPHD (Arg0, Arg1, Arg2, Arg3, Package () { TAG_2_VOLATILE_8,
                TAG_2_PERSISTENT_8, TAG_2_VOLATILE_16, TAG_2_PERSISTENT_16 }))
        }
    }
#endif
}
