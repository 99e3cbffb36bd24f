"""Values of command_status (SMPP 3.4, section 5.1.3) and the one error the codec raises."""

from enum import IntEnum


class Status(IntEnum):
    """The statuses this plugin names. A centre may answer any other 32-bit number, so fields hold plain integers."""

    ROK = 0x00
    RINVMSGLEN = 0x01
    RINVCMDLEN = 0x02
    RINVCMDID = 0x03
    RINVBNDSTS = 0x04
    RALYBND = 0x05
    RSYSERR = 0x08
    RINVSRCADR = 0x0A
    RINVDSTADR = 0x0B
    RINVMSGID = 0x0C
    RBINDFAIL = 0x0D
    RINVPASWD = 0x0E
    RINVSYSID = 0x0F
    RMSGQFUL = 0x14
    RINVESMCLASS = 0x43
    RSUBMITFAIL = 0x45
    RINVSRCTON = 0x48
    RINVSRCNPI = 0x49
    RINVDSTTON = 0x50
    RINVDSTNPI = 0x51
    RINVSYSTYP = 0x53
    RTHROTTLED = 0x58
    RINVSCHED = 0x61
    RINVEXPIRY = 0x62
    RX_T_APPN = 0x64
    RX_P_APPN = 0x65
    RX_R_APPN = 0x66
    ROPTPARSTREAM = 0xC0
    RINVPARLEN = 0xC2
    RINVOPTPARAMVAL = 0xC4
    RDELIVERYFAILURE = 0xFE
    RUNKNOWNERR = 0xFF


class PduError(Exception):
    """Bytes that are no PDU, or a value that has no bytes. `status` is the command_status that says so to the peer."""

    def __init__(self, reason: str, status: int = Status.RSYSERR) -> None:
        super().__init__(reason)
        self.status = status
