/* The model of bench/handshake_model.hpp for SPIN: the same variables, the same rules, so the same states.
   QL: how many segments a hop holds. */
#ifndef QL
#define QL 3
#endif

#define SYN 1
#define SYN_ACK 2
#define ACK 3
#define DATA 4
#define FIN 5
#define RST 6

#define CLOSED 0
#define SYN_SENT 1
#define ESTABLISHED 2
#define UNACKNOWLEDGED 3
#define FIN_WAIT 4

#define LISTEN 0
#define SYN_RECEIVED 1
#define OPEN 2

#define ABSENT 0
#define HALF 1
#define FULL 2

chan to_nat = [QL] of { byte };
chan to_server = [QL] of { byte };
chan from_server = [QL] of { byte };
chan to_client = [QL] of { byte };
byte client, server, mapping;

active proctype world() {
    do
    /* the client acts */
    :: d_step { client == CLOSED && empty(to_nat) -> to_nat!SYN; client = SYN_SENT }
    :: d_step { client == SYN_SENT -> client = CLOSED }
    :: d_step { client == ESTABLISHED && empty(to_nat) -> to_nat!DATA; client = UNACKNOWLEDGED }
    :: d_step { (client == ESTABLISHED || client == UNACKNOWLEDGED) && empty(to_nat) -> to_nat!FIN; client = FIN_WAIT }
    :: d_step { client == FIN_WAIT -> client = CLOSED }

    /* the client receives */
    :: d_step { to_client?[SYN_ACK] && client == SYN_SENT && nfull(to_nat) ->
                to_client?SYN_ACK; to_nat!ACK; client = ESTABLISHED }
    :: d_step { to_client?[SYN_ACK] && client != SYN_SENT -> to_client?SYN_ACK }
    :: d_step { to_client?[ACK] && client == SYN_SENT && nfull(to_nat) -> to_client?ACK; to_nat!RST }
    :: d_step { to_client?[ACK] && client != SYN_SENT -> to_client?ACK;
                if
                :: client == UNACKNOWLEDGED -> client = ESTABLISHED
                :: client == FIN_WAIT -> client = CLOSED
                :: else
                fi }

    /* the server receives */
    :: d_step { to_server?[SYN] && nfull(from_server) -> to_server?SYN;
                if
                :: server == OPEN -> from_server!ACK
                :: else -> from_server!SYN_ACK; server = SYN_RECEIVED
                fi }
    :: d_step { to_server?[ACK] -> to_server?ACK;
                if
                :: server == SYN_RECEIVED -> server = OPEN
                :: else
                fi }
    :: d_step { to_server?[DATA] && server == LISTEN -> to_server?DATA }
    :: d_step { to_server?[DATA] && server != LISTEN && nfull(from_server) -> to_server?DATA; from_server!ACK; server = OPEN }
    :: d_step { to_server?[FIN] && server == LISTEN -> to_server?FIN }
    :: d_step { to_server?[FIN] && server != LISTEN && nfull(from_server) -> to_server?FIN; from_server!ACK; server = LISTEN }
    :: d_step { to_server?[RST] -> to_server?RST; server = LISTEN }

    /* the NAT forwards, drops and forgets */
    :: d_step { nempty(to_nat) && !to_nat?[SYN] && mapping == ABSENT -> to_nat?_ }
    :: d_step { to_nat?[SYN] && nfull(to_server) -> to_nat?SYN; to_server!SYN;
                if
                :: mapping == ABSENT -> mapping = HALF
                :: else
                fi }
    :: d_step { to_nat?[ACK] && mapping != ABSENT && nfull(to_server) -> to_nat?ACK; to_server!ACK }
    :: d_step { to_nat?[DATA] && mapping != ABSENT && nfull(to_server) -> to_nat?DATA; to_server!DATA }
    :: d_step { to_nat?[FIN] && mapping != ABSENT && nfull(to_server) -> to_nat?FIN; to_server!FIN }
    :: d_step { to_nat?[RST] && mapping != ABSENT && nfull(to_server) -> to_nat?RST; to_server!RST }
    :: d_step { nempty(from_server) && (mapping == ABSENT || (mapping == HALF && from_server?[ACK])) -> from_server?_ }
    :: d_step { from_server?[SYN_ACK] && mapping != ABSENT && nfull(to_client) ->
                from_server?SYN_ACK; to_client!SYN_ACK; mapping = FULL }
    :: d_step { from_server?[ACK] && mapping == FULL && nfull(to_client) -> from_server?ACK; to_client!ACK }
    :: d_step { mapping != ABSENT -> mapping = ABSENT }

    /* losses */
    :: d_step { nempty(to_nat) -> to_nat?_ }
    :: d_step { nempty(to_server) -> to_server?_ }
    :: d_step { nempty(from_server) -> from_server?_ }
    :: d_step { nempty(to_client) -> to_client?_ }
    od
}
