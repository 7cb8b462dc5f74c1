import { defineDeployment } from '@plugga/kit';
import { ocpp16 } from '@plugga/ocpp16';
import { ocpp201 } from '@plugga/ocpp201';
import { ocpp21 } from '@plugga/ocpp21';
import { quirks } from '@plugga/quirks';
import { certificates } from '@plugga/plugin-certificates';
import { billing } from '@plugga/plugin-billing';
import { maintenance } from '@plugga/plugin-maintenance';
import { operatorConsole } from '@plugga/plugin-operator-console';
import { plugAndCharge } from '@plugga/plugin-plug-and-charge';
import { revenue } from '@plugga/plugin-revenue';
import { signedValues } from '@plugga/plugin-signed-values';
import { smartCharging } from '@plugga/plugin-smart-charging';
import { tariffs } from '@plugga/plugin-tariffs';

/** The default deployment: the only file that names adapters, quirks and plugins. */
export default defineDeployment({
  adapters: [ocpp16, ocpp201, ocpp21],
  quirks,
  plugins: [
    tariffs,
    signedValues,
    billing,
    revenue,
    certificates,
    plugAndCharge,
    smartCharging,
    maintenance,
    operatorConsole,
  ],
});
