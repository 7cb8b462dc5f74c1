import { asksOther, contrary, stationOther, type Case } from '../../script/case.ts';
import { booted } from './plays.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUVqmQ\n-----END CERTIFICATE-----\n';
const MANUFACTURER = 'ManufacturerRootCertificate';
const MO = 'MORootCertificate';
const hash = { issuerNameHash: 'aa01', issuerKeyHash: 'bb02', serialNumber: '0c03' };
const certificateHashData = { hashAlgorithm: 'SHA256', ...hash };

const installs = (id: string, use: string, certificateType: string, status: 'Accepted' | 'Failed'): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    const command = await t.asks(s, { type: 'installCertificate', use, certificate: PEM });
    await s.hears('InstallCertificate', { certificateType, certificate: PEM }, { status });
    await command.ends(status === 'Accepted' ? { status: 'accepted' } : { status: 'rejected', detail: 'Failed' });
  },
  twins: [
    asksOther('InstallCertificate', { certificate: 'another' }, 'another certificate'),
    asksOther('InstallCertificate', { certificateType: use === 'moRoot' ? MANUFACTURER : MO }, 'for another use'),
    contrary('InstallCertificate', status === 'Accepted' ? 'Rejected' : 'Accepted'),
  ],
});

const deletes = (id: string, status: 'Accepted' | 'Failed'): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    const certificate = { algorithm: 'SHA256', ...hash };
    const command = await t.asks(s, { type: 'deleteCertificate', certificate });
    await s.hears('DeleteCertificate', { certificateHashData }, { status });
    await command.ends(status === 'Accepted' ? { status: 'accepted' } : { status: 'rejected', detail: 'Failed' });
  },
  twins: [
    asksOther(
      'DeleteCertificate',
      { certificateHashData: { ...certificateHashData, serialNumber: 'ff' } },
      'another certificate',
    ),
    contrary('DeleteCertificate', status === 'Accepted' ? 'Failed' : 'Accepted'),
  ],
});

/** What is listed; `types` are what is asked for, all that there are when none are named (M03). */
const lists = (
  id: string,
  o: {
    readonly use?: string | readonly string[];
    readonly types?: readonly string[];
    readonly found: readonly string[];
  },
): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    const command = await t.asks(s, { type: 'listCertificates', ...(o.use !== undefined && { use: o.use }) });
    const chain = o.found.map((certificateType, at) => ({
      certificateType,
      certificateHashData: { ...certificateHashData, serialNumber: `0c0${at}` },
    }));
    await s.hears(
      'GetInstalledCertificateIds',
      o.types === undefined ? {} : { certificateType: o.types },
      chain.length === 0 ? { status: 'NotFound' } : { status: 'Accepted', certificateHashDataChain: chain },
    );
    const certificates = chain.map((_, at) => ({ algorithm: 'SHA256', ...hash, serialNumber: `0c0${at}` }));
    await command.ends({ status: 'accepted', result: { certificates } });
  },
  twins: [
    asksOther(
      'GetInstalledCertificateIds',
      { certificateType: [o.use === 'moRoot' ? MANUFACTURER : MO] },
      'another use',
    ),
    stationOther(
      'station answers',
      'GetInstalledCertificateIds',
      {
        status: 'Accepted',
        certificateHashDataChain: [{ certificateType: 'V2GRootCertificate', certificateHashData }],
      },
      { breaks: 'the station has another', fails: 'the command' },
    ),
  ],
});

export const certificates: readonly Case[] = [
  installs('M_01', 'csmsRoot', 'CSMSRootCertificate', 'Accepted'),
  installs('M_02', 'manufacturerRoot', MANUFACTURER, 'Accepted'),
  installs('M_05', 'csmsRoot', 'CSMSRootCertificate', 'Failed'),
  installs('M_03', 'v2gRoot', 'V2GRootCertificate', 'Accepted'),
  installs('M_04', 'moRoot', 'MORootCertificate', 'Accepted'),
  lists('M_12', { use: 'csmsRoot', types: ['CSMSRootCertificate'], found: ['CSMSRootCertificate'] }),
  lists('M_14', { use: 'v2gRoot', types: ['V2GRootCertificate'], found: ['V2GRootCertificate'] }),
  lists('M_15', { use: 'v2gChain', types: ['V2GCertificateChain'], found: ['V2GCertificateChain'] }),
  lists('M_16', { use: 'moRoot', types: ['MORootCertificate'], found: ['MORootCertificate'] }),
  lists('M_13', { use: 'manufacturerRoot', types: [MANUFACTURER], found: [MANUFACTURER] }),
  lists('M_17', {
    ...{ use: ['csmsRoot', 'manufacturerRoot'], types: ['CSMSRootCertificate', MANUFACTURER] },
    found: ['CSMSRootCertificate', MANUFACTURER],
  }),
  lists('M_18', { found: ['CSMSRootCertificate', MANUFACTURER, 'V2GRootCertificate'] }),
  lists('M_19', { use: 'csmsRoot', types: ['CSMSRootCertificate'], found: [] }),
  deletes('M_20', 'Accepted'),
  deletes('M_21', 'Failed'),
];
