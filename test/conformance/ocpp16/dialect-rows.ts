import type { Row } from '../dialect-row.ts';

const play = 'test/conformance/ocpp16/dialects.test.ts';
const adapter = 'adapters/ocpp16/fixtures/deviations.jsonl';
const door = 'core/src/charger/server.test.ts';
const line = 'core/src/charger/connection.test.ts';

export const rows: readonly Row[] = [
  {
    station: 'Schneider EVlink Smart Wallbox 3.4.0',
    does: 'serial numbers of 26 and 33 characters where 25 are allowed',
    source: 'lbbrhzn/ocpp #213, mobilityhouse/ocpp #122',
    tests: [[adapter, 'Schneider EVlink: serial numbers of 26 and 33 characters']],
  },
  {
    station: 'Huawei SCharger-22KT-S0',
    does: 'an empty vendor; boots again every 30 s when refused',
    source: 'evcc-io/evcc #32184',
    tests: [[adapter, 'Huawei SCharger: an empty vendor']],
  },
  {
    station: 'Huawei SCharger, FusionCharge',
    does: 'meterValue as an object instead of a list',
    source: 'lbbrhzn/ocpp #1144',
    quirks: ['huawei-single-meter-value'],
  },
  {
    station: 'Huawei FusionCharge',
    does: 'takes limits in watts only',
    source: 'lbbrhzn/ocpp #2084',
    quirks: ['huawei-single-meter-value'],
  },
  {
    station: "Legrand Green'Up",
    does: 'errorCode "Error"',
    source: 'lbbrhzn/ocpp #1248',
    tests: [[adapter, "Legrand Green'Up: an errorCode of its own"]],
  },
  {
    station: 'Charge Amps Halo',
    does: 'unit "Hz"',
    source: 'lbbrhzn/ocpp #1576',
    quirks: ['charge-amps-hz'],
    tests: [[adapter, 'ChargeAmps Halo: Hz, a unit of no edition']],
  },
  {
    station: 'Viridian, Evnex',
    does: 'unit "Hertz", valid by the errata only',
    source: 'mobilityhouse/ocpp #70',
    tests: [[adapter, 'Evnex: Hertz, and Celsius with its corrected spelling, are valid by the errata']],
  },
  {
    station: 'AEFA Home OCPP A1B_2.8',
    does: '`"transactionId":,` in MeterValues; times without a zone',
    source: 'lbbrhzn/ocpp #2032',
    quirks: ['aefa-empty-transaction-id'],
    tests: [[play, 'readings without an id reach the session of their connector (AEFA)']],
  },
  {
    station: 'ZJ Beny BCP-A2N-L 1.0.31',
    does: 'a comma before the first sample',
    source: 'lbbrhzn/ocpp #1078',
    quirks: ['beny-leading-comma'],
  },
  {
    station: 'Grizzl-E Smart 5.x',
    does: 'answers that end too early; commands that make it reboot; no subprotocol in the handshake',
    source: 'lbbrhzn/ocpp #176, #442, #899',
    quirks: ['grizzl-e-cut-answers'],
    tests: [[door, 'a station that offers no subprotocol speaks what was set for it, and is told none']],
  },
  {
    station: 'one reported in a pull request',
    does: 'a handshake without `Connection: Upgrade`',
    source: 'lbbrhzn/ocpp PR #1984',
    tests: [[door, 'a handshake without "Connection: Upgrade" is told what is spoken here']],
  },
  {
    station: 'Alfen Eve S-Line 5.x',
    does: 'transaction id 2^63-1',
    source: 'steve-community/steve #740',
    tests: [[adapter, 'Alfen: a transaction id of 2^63-1, which the frame layer keeps as text']],
  },
  {
    station: 'Alfen Eve Pro',
    does: 'replays years of unsent readings at its first connection',
    source: 'lbbrhzn/ocpp #361',
    tests: [
      [play, 'years of unsent readings of a transaction that nobody knows are acknowledged and bill nobody (Alfen)'],
    ],
  },
  {
    station: 'Alfen Eve',
    does: 'starts by itself with a token of its own',
    source: 'evcc-io/evcc charger/ocpp/cp_setup.go, #16186',
    quirks: ['alfen-plug-and-charge-token'],
  },
  {
    station: 'Growatt THOR',
    does: 'local times without a zone; reservation 0 always',
    source: 'evcc-io/evcc #10399',
    quirks: ['growatt-local-time'],
    tests: [[adapter, 'Growatt: a time without a zone and reservation 0 always']],
  },
  {
    station: 'Chago platform',
    does: 'the first statuses after a boot are 2 h ahead',
    source: 'steve-community/steve #136',
    tests: [[play, 'statuses 2 h ahead do not hide those that follow (Chago)']],
  },
  {
    station: 'MicroOcpp with transactions before the boot',
    does: 'times of 1970',
    source: 'matth-x/MicroOcpp #311, #354',
    tests: [[play, '1970, before the first boot was answered: the time of receipt is taken (MicroOcpp)']],
  },
  {
    station: 'ABB Terra AC to 1.8.21',
    does: 'takes any MeterValuesSampledData, then reboots when asked what it has',
    source: 'lbbrhzn/ocpp #1275',
    quirks: ['abb-terra-ac-measurands'],
  },
  {
    station: 'ABB Terra AC',
    does: 'repeats a StartTransaction with its first timestamp after a lost connection',
    source: 'mobilityhouse/ocpp #186',
    tests: [[play, 'the same start again, after its readings and after its stop, has the same id (ABB Terra AC)']],
  },
  {
    station: 'ABB Terra AC',
    does: 'only stack level 0; MeterValuesSampledData is an unknown key',
    source: 'evcc-io/evcc #15493, lbbrhzn/ocpp #169',
    quirks: ['abb-terra-ac-stack-level'],
  },
  {
    station: 'Wallbox Pulsar, firmware 5',
    does: 'rejects a profile above stack level 0 though it announces more',
    source: 'evcc-io/evcc #15581',
    quirks: ['wallbox-stack-level'],
  },
  {
    station: 'Wallbox Pulsar Plus and Max, firmware 6',
    does: 'wants Relative profiles; connects again without a boot; drops a silent socket',
    source: 'evcc-io/evcc #15492, #28539, ConnectorIO/connectorio-addons #132',
    quirks: ['wallbox-6-relative-and-silence'],
    tests: [['core/src/station/actor.test.ts', 'a make that connects again without a boot is asked for one']],
  },
  {
    station: 'Autel MaxiCharger',
    does: 'refuses a Relative maximum; drops wss without an uploaded CA; stays Finishing',
    source: 'lbbrhzn/ocpp #677, #1019, PR #2150',
    quirks: ['autel-max-profile-absolute'],
  },
  {
    station: 'Timxon A0',
    does: 'only TxDefaultProfile; no answer at all to an Absolute schedule',
    source: 'lbbrhzn/ocpp #2158',
    quirks: ['timxon-tx-default-only'],
    tests: [[line, 'one that waits in line too long is never sent']],
  },
  {
    station: 'EVBox Elvi',
    does: 'rejects a maximum profile, and a whole list for one measurand',
    source: 'lbbrhzn/ocpp #221, #1703, evcc-io/evcc #29809',
    quirks: ['evbox-elvi-profiles-and-measurands'],
  },
  {
    station: 'EVBox, older',
    does: 'a limit of the station in tenths of an ampere',
    source: 'sap-labs-france/ev-server, lbbrhzn/ocpp #221',
    quirks: ['evbox-station-limit'],
  },
  {
    station: 'KEBA P30',
    does: 'a limit of the station in milliampere',
    source: 'sap-labs-france/ev-server',
    quirks: ['keba-group-tokens-and-limit'],
  },
  {
    station: 'KEBA P30 in a group',
    does: 'writes the serial of the box behind the token; blocks a token in the box when it is Invalid',
    source: 'dallmann-consulting/OCPP.Core, #55',
    quirks: ['keba-group-tokens-and-limit'],
  },
  {
    station: 'KEBA 1.12',
    does: 'its firmware version as vendorId of a status',
    source: 'dallmann-consulting/OCPP.Core',
    quirks: ['keba-group-tokens-and-limit'],
  },
  {
    station: 'Mennekes with Chago or ACU',
    does: 'quotes and blanks in the lists of configuration values',
    source: 'evcc-io/evcc PR #16255',
    quirks: ['mennekes-quoted-lists'],
  },
  {
    station: 'several',
    does: 'configuration keys in lower case',
    source: 'evcc-io/evcc #16186',
    tests: [
      [
        'core/src/station/handle.test.ts',
        'is told as it goes on, and what a read gave becomes variables, by any spelling',
      ],
    ],
  },
  {
    station: 'several',
    does: 'ChargingScheduleAllowedChargingRateUnit of "W" and "A" instead of Power and Current',
    source: 'evcc-io/evcc charger/ocpp/cp_setup.go',
    tests: [[play, 'limits go out in the unit that ChargingScheduleAllowedChargingRateUnit "%s" means']],
  },
  {
    station: 'SyncEV and similar',
    does: 'the phase inside the measurand: Current.Import.L1',
    source: 'lbbrhzn/ocpp #878, #1900',
    tests: [[adapter, 'SyncEV: the phase inside the measurand']],
  },
  {
    station: 'Phoenix Contact CHARX SEC-3xxx 1.9.0',
    does: 'rejects every remote start until two keys are set',
    source: 'ConnectorIO/connectorio-addons PR #144, #146',
    quirks: ['phoenix-contact-remote-start'],
  },
  {
    station: 'Wallbox in free mode, and others',
    does: 'stops of transactions that were never started here',
    source: 'ConnectorIO/connectorio-addons #199, steve-community/steve #156',
    tests: [[play, 'a stop of an id that nobody gave is acknowledged and bills nobody']],
  },
  {
    station: 'go-e V4',
    does: 'a stop of -1 after a remote start',
    source: 'goecharger/go-eCharger-API-v2 #106',
    tests: [[play, 'a stop of %s ends the only open session whose answer arrived (go-e, TKT)']],
  },
  {
    station: 'Hager Witty Park 9.0.1.0',
    does: 'goes on after ConcurrentTx, and stops with -1',
    source: 'dallmann-consulting/OCPP.Core #55',
    tests: [[play, 'a start after ConcurrentTx goes on, and stops with -1 (Hager)']],
  },
  {
    station: 'TKT EV AC',
    does: 'a stop of 0, always',
    source: 'mikuso/ocpp-rpc #82',
    tests: [[play, 'a stop of %s ends the only open session whose answer arrived (go-e, TKT)']],
  },
  {
    station: 'one of a user of OCPP.Core',
    does: 'a stop of null',
    source: 'dallmann-consulting/OCPP.Core #29',
    tests: [[play, 'a stop of %s ends the only open session whose answer arrived (go-e, TKT)']],
  },
  {
    station: 'EVerest chargebyte 2024.01',
    does: 'a stop of -1 for a session that began offline',
    source: 'EVerest/libocpp #495',
    tests: [[play, 'a start that was never answered, and a stop of -1 (EVerest)']],
  },
  {
    station: 'OpenEVSE to 4.2.2',
    does: 'a register in kWh that says Wh',
    source: 'OpenEVSE/openevse_esp32_firmware #703',
    quirks: ['openevse-kwh-as-wh'],
  },
  {
    station: 'various',
    does: 'registers that begin anew: at a boot, at a session, below meterStart',
    source: 'steve-community/steve #1297, lbbrhzn/ocpp #1773',
    tests: [[play, 'a meterStop below the start is acknowledged and never billed negative (Huawei)']],
  },
  {
    station: 'Schneider EVlink EVB1A22P4KI',
    does: 'another start instead of a stop',
    source: 'ChargeTimeEU/Java-OCA-OCPP #74',
    tests: [[play, 'another start instead of a stop ends the session before it, and is none (Schneider EVlink)']],
  },
  {
    station: 'Schneider',
    does: 'the sum of the phases as a current without a phase',
    source: 'sap-labs-france/ev-server OCPPUtils.ts',
    quirks: ['schneider-summed-current'],
  },
  {
    station: 'various',
    does: 'Available before the stop',
    source: 'sap-labs-france/ev-server OCPPService.ts',
    tests: [[play, 'Available before the stop does not end the session']],
  },
  {
    station: 'various',
    does: 'clock-aligned readings in the middle of a session, and before and after it',
    source: 'sap-labs-france/ev-server OCPPService.ts',
    tests: [[play, 'clock-aligned readings around and in a session change nothing of its energy']],
  },
  {
    station: 'Zaptec Go 2',
    does: 'tells an old Available after a newer state',
    source: 'evcc-io/evcc #30247',
    tests: [[play, 'an Available that is older than what is known is history (Zaptec)']],
  },
  {
    station: 'EN+ AC',
    does: 'ChangeAvailability leaves it unusable',
    source: 'evcc-io/evcc #15691, #30217',
    quirks: ['enplus-change-availability'],
  },
  {
    station: 'stations with one connector',
    does: 'reject connector 0 for the availability',
    source: 'lbbrhzn/ocpp #1736',
    tests: [
      [
        'adapters/ocpp16/src/outbound/availability.test.ts',
        'a station with one connector that refuses connector 0 is asked for connector 1, once',
      ],
    ],
  },
  {
    station: 'various',
    does: 'answer ChangeAvailability with Scheduled during a session',
    source: 'evcc-io/evcc #23713',
    tests: [
      [
        'adapters/ocpp16/src/outbound/availability.test.ts',
        'Scheduled is success: it happens when the session has ended',
      ],
    ],
  },
  {
    station: 'various',
    does: 'echo an idTag of exactly 20 characters wrongly',
    source: 'lbbrhzn/ocpp chargepoint.py',
    here: 'values of tokens that are made here have 16 characters',
    tests: [
      [
        'core/src/http/resources.test.ts',
        'a token that is made here has 16 characters, which the list finds and nothing else tells again',
      ],
    ],
  },
  {
    station: 'NEcharge Pro',
    does: 'charges in steps of 6, 8, 10, 13, 16 A, rounded down',
    source: 'evcc-io/evcc PR #31631',
    quirks: ['necharge-current-steps'],
  },
  {
    station: 'Easee, native OCPP from 328',
    does: 'no interval between readings below 30 s',
    source: 'evcc-io/evcc template ocpp-easee',
    quirks: ['easee-meter-interval'],
  },
  {
    station: 'Heidelberg Amperfied connect.business',
    does: 'no smart charging at all',
    source: 'evcc-io/evcc #17836',
    quirks: ['amperfied-no-smart-charging'],
  },
  {
    station: 'Project EV, go-e',
    does: 'reject TriggerMessage MeterValues while idle',
    source: 'evcc-io/evcc #15768, goecharger/go-eCharger-API-v2 #134',
    tests: [[play, 'a trigger of readings that is rejected is rejected, and nothing follows from it (Project EV)']],
  },
  {
    station: 'several',
    does: 'a half-open socket, then a new one of the same identity; frames with RSV1 set',
    source: 'lorenzodonini/ocpp-go #358, #314',
    tests: [
      [door, 'BI-019 the newest connection wins'],
      [door, 'a frame with RSV1 set that was not negotiated ends the socket, and the station is let in again'],
    ],
  },
  {
    station: 'one in mikuso/ocpp-rpc #80',
    does: 'drops the socket when it is pinged',
    source: 'mikuso/ocpp-rpc #80',
    tests: [
      [
        'core/src/station/actor.test.ts',
        'a station that dropped the line at two pings is not pinged, until its firmware changes',
      ],
      [line, 'a station that drops at a ping is not pinged'],
    ],
  },
  {
    station: 'Etrel Inch Pro',
    does: 'takes no transaction id from us unless it is set to',
    source: 'lbbrhzn/ocpp docs/supported-devices.md',
    quirks: ['etrel-authorization-type'],
  },
  {
    station: 'Tellus Power',
    does: 'Charging with no start after a remote start',
    source: 'steve-community/steve #796',
    tests: [[play, 'Charging and a rising register with no start at all is a session, flagged (Tellus Power)']],
  },
  {
    station: 'Phihong AH, and strict parsers',
    does: 'refuse a currentTime without zone or with microseconds',
    source: 'mobilityhouse/ocpp #230',
    tests: [
      [
        'adapters/ocpp16/src/inbound/heartbeat.test.ts',
        'Heartbeat is answered with the time in UTC, at most milliseconds: strict parsers refuse more',
      ],
    ],
  },
  {
    station: 'the OCTT itself',
    does: 'is thrown off by what it did not ask for',
    source: 'steve-community/steve octtQuirksEnabled',
    tests: [
      [line, 'nothing is sent within 30 s of a connection'],
      ['core/src/station/actor.test.ts', 'a quiet station is sent nothing that nobody asked for'],
    ],
  },
];
