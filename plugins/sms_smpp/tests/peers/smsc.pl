#!/usr/bin/perl
# A message centre on Net::SMPP, for tests: one client at a time, one JSON line an event. It answers a bind, takes
# messages, sends a receipt for each and then its text back as a new message, asks for a sign of life, answers unbind.
# A destination that ends in 83 makes the centre unbind.
use strict;
use warnings;
use IO::Socket;
use JSON::PP;
use Net::SMPP;

$| = 1;
$SIG{PIPE} = 'IGNORE';
my $json = JSON::PP->new->canonical->latin1;
sub say_event { my ($event, %facts) = @_; print $json->encode({ event => $event, %facts }), "\n" }

my $listener = Net::SMPP->new_listen('127.0.0.1', port => 0, timeout => 60) or die "cannot listen: $!";
say_event('listening', port => $listener->sockport);
my $count = 0;

sub submitted {
    my ($client, $pdu) = @_;
    my $id = sprintf 'M%04X', ++$count;
    say_event('submit_sm', source => $pdu->{source_addr}, destination => $pdu->{destination_addr},
        data_coding => $pdu->{data_coding}, esm_class => $pdu->{esm_class},
        registered_delivery => $pdu->{registered_delivery}, hex => unpack('H*', $pdu->{short_message}),
        reference => defined $pdu->{user_message_reference} ? unpack('n', $pdu->{user_message_reference}) : undef);
    $client->submit_sm_resp(seq => $pdu->{seq}, message_id => $id);
    my %back = (async => 1, source_addr_ton => 1, source_addr_npi => 1, source_addr => $pdu->{destination_addr},
        dest_addr_ton => 1, dest_addr_npi => 1, destination_addr => $pdu->{source_addr});
    $client->deliver_sm(%back, esm_class => 4, receipted_message_id => lc($id) . "\0", message_state => pack('C', 2),
        short_message => 'id:' . lc($id) . ' stat:DELIVRD err:000 text:');
    $client->deliver_sm(%back, esm_class => $pdu->{esm_class}, data_coding => $pdu->{data_coding},
        short_message => $pdu->{short_message});
    $client->enquire_link(async => 1);
    $client->unbind(async => 1) if $pdu->{destination_addr} =~ /83$/;
}

my %answer = (
    Net::SMPP::CMD_submit_sm() => \&submitted,
    Net::SMPP::CMD_enquire_link() => sub { say_event('enquire_link'); $_[0]->enquire_link_resp(seq => $_[1]{seq}) },
    Net::SMPP::CMD_enquire_link_resp() => sub { say_event('enquire_link_resp') },
    Net::SMPP::CMD_deliver_sm_resp() => sub { say_event('deliver_sm_resp', status => $_[1]{status}) },
    Net::SMPP::CMD_unbind() => sub { say_event('unbind'); $_[0]->unbind_resp(seq => $_[1]{seq}); close $_[0] },
    Net::SMPP::CMD_unbind_resp() => sub { say_event('unbind_resp') },
);
my %bind = (
    Net::SMPP::CMD_bind_transceiver() => 'bind_transceiver',
    Net::SMPP::CMD_bind_transmitter() => 'bind_transmitter',
    Net::SMPP::CMD_bind_receiver() => 'bind_receiver',
);

while (my $client = $listener->accept) {
    local $SIG{__WARN__} = sub { };    # read_pdu warns about every connection that ends
    while (defined fileno $client and my $pdu = $client->read_pdu) {
        my $command = $pdu->{cmd};
        if (my $name = $bind{$command}) {
            say_event($name, system_id => $pdu->{system_id});
            my $status = $pdu->{password} eq 'secret' ? 0 : 0x0E;
            my $reply = "${name}_resp";
            $client->$reply(seq => $pdu->{seq}, status => $status, system_id => 'centre');
        } elsif (my $code = $answer{$command}) {
            $code->($client, $pdu);
        }
    }
    say_event('closed');
}
