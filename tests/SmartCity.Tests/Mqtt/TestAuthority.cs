using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmartCity.Tests.Mqtt;

/// <summary>A CA of one test: everything it issues is a pair of PEM files in the test's folder.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly string folder;
    private readonly X509Certificate2 certificate;

    public TestAuthority(string folder, string name)
    {
        this.folder = folder;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        certificate = request.CreateSelfSigned(Now.AddYears(-10), Now.AddYears(10));
        File = Path.Combine(folder, $"{name}.pem");
        System.IO.File.WriteAllText(File, certificate.ExportCertificatePem());
    }

    /// <summary>Its own certificate.</summary>
    public string File { get; }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>Issues a certificate for a name, which may be an address; with its key in a file of its own.</summary>
    public (string Certificate, string Key) Issue(string name, bool expired = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(name);
        }
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        using var issued = request.Create(
            certificate, Now.AddYears(-1), Now.AddDays(expired ? -2 : 300), RandomNumberGenerator.GetBytes(8));
        var stem = Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(File)}-{name}{(expired ? "-expired" : "")}");
        System.IO.File.WriteAllText(stem + ".pem", issued.ExportCertificatePem());
        System.IO.File.WriteAllText(stem + ".key", key.ExportPkcs8PrivateKeyPem());
        return (stem + ".pem", stem + ".key");
    }

    public void Dispose() => certificate.Dispose();
}
