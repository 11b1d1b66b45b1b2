namespace SmartCity.Server.Settings;

/// <summary>Finds what of the settings about the external broker does not fit together.</summary>
internal static class BrokerSettings
{
    /// <summary>One sentence each.</summary>
    public static IEnumerable<string> Problems(MqttOptions options)
    {
        BrokerAddress? address = null;
        if (options.Broker.Length > 0 && !BrokerAddress.TryParse(options.Broker, out address, out var problem))
        {
            yield return $"Mqtt:Broker: {problem}";
            yield break;
        }
        foreach (var (key, value) in ForBrokers(options).Where(setting => setting.Value.Length > 0 && address is null))
        {
            yield return $"Mqtt:{key}: '{value}' is about an external broker, and Mqtt:Broker names none";
        }
        foreach (var (key, value) in Files(options).Where(setting => setting.Value.Length > 0 && address is { Tls: false }))
        {
            yield return $"Mqtt:{key}: '{value}' is for TLS: write mqtts:// in Mqtt:Broker, and its port for TLS";
        }
        if (options.CertificateFile.Length > 0 != options.KeyFile.Length > 0)
        {
            yield return options.KeyFile.Length > 0
                ? "Mqtt:KeyFile: belongs to a certificate; name it in Mqtt:CertificateFile"
                : "Mqtt:CertificateFile: needs its private key; name it in Mqtt:KeyFile";
        }
        else if (address is { Tls: true })
        {
            BrokerCertificates.Read(options, out var unreadable)?.Dispose();
            if (unreadable is not null)
            {
                yield return unreadable;
            }
        }
    }

    private static IEnumerable<(string Key, string Value)> ForBrokers(MqttOptions options) =>
        [.. Files(options), ("Areas", options.Areas), ("SharedGroup", options.SharedGroup)];

    private static (string Key, string Value)[] Files(MqttOptions options) =>
        [("CaFile", options.CaFile), ("CertificateFile", options.CertificateFile), ("KeyFile", options.KeyFile)];
}
