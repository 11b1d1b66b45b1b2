namespace SmartCity.Server.Live;

/// <summary>The state of one device, to be published as a retained MQTT message.</summary>
/// <param name="Topic"><c>smartcity/v1/state/{area}/{kind}/{deviceId}</c>.</param>
/// <param name="Payload">JSON in UTF-8; empty for a device that is no longer in service, which removes what was retained.</param>
internal readonly record struct StateChange(string Topic, byte[] Payload);
