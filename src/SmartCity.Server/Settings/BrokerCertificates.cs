using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmartCity.Server.Settings;

/// <summary>The certificates for the way to the external broker, as their files are now.</summary>
/// <param name="Authorities">Whom we believe; empty: whom this machine believes.</param>
/// <param name="Own">What we show; null: nothing.</param>
internal sealed record BrokerCertificates(X509Certificate2Collection Authorities, X509Certificate2? Own) : IDisposable
{
    /// <summary>Reads the files; without success <paramref name="problem"/> says which one is wrong and what to do.</summary>
    public static BrokerCertificates? Read(MqttOptions options, out string? problem)
    {
        X509Certificate2Collection authorities = [];
        var (key, file) = ("CaFile", options.CaFile);
        try
        {
            if (file.Length > 0)
            {
                authorities.ImportFromPemFile(file);
                if (authorities.Count == 0)
                {
                    throw new CryptographicException("there is no certificate in it");
                }
            }
            (key, file) = ("CertificateFile", options.CertificateFile);
            var own = file.Length > 0 ? OwnOf(file, options.KeyFile) : null;
            problem = null;
            return new BrokerCertificates(authorities, own);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            problem = e is FileNotFoundException or DirectoryNotFoundException
                ? $"Mqtt:{key}: there is no file {(e as FileNotFoundException)?.FileName ?? file}"
                : $"Mqtt:{key}: {file} cannot be used ({e.Message.TrimEnd('.')}). {Wanted(key)}";
            return null;
        }
    }

    public void Dispose()
    {
        foreach (var authority in Authorities)
        {
            authority.Dispose();
        }
        Own?.Dispose();
    }

    private static X509Certificate2 OwnOf(string certificate, string key)
    {
        var own = X509Certificate2.CreateFromPemFile(certificate, key);
        if (!OperatingSystem.IsWindows())
        {
            return own;
        }
        using (own)
        {
            return X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null); // Its TLS takes no key from memory.
        }
    }

    private static string Wanted(string key) => key == "CaFile"
        ? "It takes a PEM file with the certificate of the CA."
        : "It takes a certificate in PEM form, and Mqtt:KeyFile its own private key, in PEM form and without pass phrase.";
}
