-- The model of bench/handshake_model.hpp for Rumur: the same variables, the same rules, so the same states.
-- bench/run sets the length of a hop, and takes the liveness property out for the plain search.
const QL: 3;

type
  segment: enum { NONE, SYN, SYN_ACK, ACK, DATA, FIN, RST };
  client_state: enum { CLOSED, SYN_SENT, ESTABLISHED, UNACKNOWLEDGED, FIN_WAIT };
  server_state: enum { LISTEN, SYN_RECEIVED, OPEN };
  mapping_state: enum { ABSENT, HALF, FULL };
  place: 0..QL-1;
  hop: array[place] of segment;  -- the oldest segment at 0

var
  client: client_state;
  server: server_state;
  mapping: mapping_state;
  to_nat: hop;
  to_server: hop;
  from_server: hop;
  to_client: hop;

procedure push(var h: hop; s: segment);
var done: boolean;
begin
  done := false;
  for i: place do
    if !done & h[i] = NONE then
      h[i] := s;
      done := true;
    end;
  end;
end;

procedure pop(var h: hop);
begin
  for i: place do
    if i < QL-1 then
      h[i] := h[i+1];
    else
      h[i] := NONE;
    end;
  end;
end;

startstate begin
  client := CLOSED;
  server := LISTEN;
  mapping := ABSENT;
  for i: place do
    to_nat[i] := NONE;
    to_server[i] := NONE;
    from_server[i] := NONE;
    to_client[i] := NONE;
  end;
end;

-- the client acts
rule "connect" client = CLOSED & to_nat[0] = NONE ==> begin push(to_nat, SYN); client := SYN_SENT; end;
rule "give up" client = SYN_SENT ==> begin client := CLOSED; end;
rule "write" client = ESTABLISHED & to_nat[0] = NONE ==> begin push(to_nat, DATA); client := UNACKNOWLEDGED; end;
rule "close" (client = ESTABLISHED | client = UNACKNOWLEDGED) & to_nat[0] = NONE ==>
begin push(to_nat, FIN); client := FIN_WAIT; end;
rule "forget" client = FIN_WAIT ==> begin client := CLOSED; end;

-- the client receives
rule "SYN-ACK opens" to_client[0] = SYN_ACK & client = SYN_SENT & to_nat[QL-1] = NONE ==>
begin pop(to_client); push(to_nat, ACK); client := ESTABLISHED; end;
rule "SYN-ACK late" to_client[0] = SYN_ACK & client != SYN_SENT ==> begin pop(to_client); end;
rule "challenge ACK" to_client[0] = ACK & client = SYN_SENT & to_nat[QL-1] = NONE ==>
begin pop(to_client); push(to_nat, RST); end;
rule "ACK" to_client[0] = ACK & client != SYN_SENT ==>
begin
  pop(to_client);
  if client = UNACKNOWLEDGED then client := ESTABLISHED;
  elsif client = FIN_WAIT then client := CLOSED; end;
end;

-- the server receives
rule "SYN" to_server[0] = SYN & from_server[QL-1] = NONE ==>
begin
  pop(to_server);
  if server = OPEN then push(from_server, ACK);
  else push(from_server, SYN_ACK); server := SYN_RECEIVED; end;
end;
rule "ACK at the server" to_server[0] = ACK ==>
begin pop(to_server); if server = SYN_RECEIVED then server := OPEN; end; end;
rule "data unexpected" to_server[0] = DATA & server = LISTEN ==> begin pop(to_server); end;
rule "data" to_server[0] = DATA & server != LISTEN & from_server[QL-1] = NONE ==>
begin pop(to_server); push(from_server, ACK); server := OPEN; end;
rule "FIN unexpected" to_server[0] = FIN & server = LISTEN ==> begin pop(to_server); end;
rule "FIN" to_server[0] = FIN & server != LISTEN & from_server[QL-1] = NONE ==>
begin pop(to_server); push(from_server, ACK); server := LISTEN; end;
rule "RST" to_server[0] = RST ==> begin pop(to_server); server := LISTEN; end;

-- the NAT forwards, drops and forgets
rule "no mapping" to_nat[0] != NONE & to_nat[0] != SYN & mapping = ABSENT ==> begin pop(to_nat); end;
rule "outbound" to_nat[0] != NONE & (to_nat[0] = SYN | mapping != ABSENT) & to_server[QL-1] = NONE ==>
begin
  push(to_server, to_nat[0]);
  pop(to_nat);
  if mapping = ABSENT then mapping := HALF; end;
end;
rule "refused" from_server[0] != NONE & (mapping = ABSENT | (mapping = HALF & from_server[0] = ACK)) ==>
begin pop(from_server); end;
rule "inbound" from_server[0] != NONE & mapping != ABSENT & !(mapping = HALF & from_server[0] = ACK)
    & to_client[QL-1] = NONE ==>
begin
  push(to_client, from_server[0]);
  if from_server[0] = SYN_ACK then mapping := FULL; end;
  pop(from_server);
end;
rule "expire" mapping != ABSENT ==> begin mapping := ABSENT; end;

-- losses
rule "lose 1" to_nat[0] != NONE ==> begin pop(to_nat); end;
rule "lose 2" to_server[0] != NONE ==> begin pop(to_server); end;
rule "lose 3" from_server[0] != NONE ==> begin pop(from_server); end;
rule "lose 4" to_client[0] != NONE ==> begin pop(to_client); end;

liveness "a connection can be established again"
  client = ESTABLISHED & server = OPEN & mapping != ABSENT;
