using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using SmartCity.Server.Settings;

namespace SmartCity.Server.Mqtt;

/// <summary>TLS to the external broker: whom we believe, what we show, and in words why it failed.</summary>
internal sealed class BrokerTls(BrokerAddress address, BrokerCertificates certificates, TimeProvider clock) : IDisposable
{
    private readonly bool hasOwnAuthorities = certificates.Authorities.Count > 0;
    private volatile string? refusal;
    private volatile bool isBelieved;

    /// <summary>For a new connection, from the files as they are now: renewed ones are taken without a restart.</summary>
    /// <exception cref="BrokerRefusedException">A file cannot be used.</exception>
    public static BrokerTls Open(BrokerAddress address, MqttOptions options, TimeProvider clock) => new(
        address,
        BrokerCertificates.Read(options, out var problem) ?? throw new BrokerRefusedException(problem!),
        clock);

    /// <summary>Sets the connection up.</summary>
    public void Configure(MqttClientTlsOptionsBuilder tls)
    {
        // The CA of a city's own broker has no address to ask for revoked certificates, and a broker must not be unreachable
        // because somebody else's server is.
        tls.WithTargetHost(address.Host).WithRevocationMode(X509RevocationMode.NoCheck).WithCertificateValidationHandler(Believes);
        if (hasOwnAuthorities)
        {
            tls.WithTrustChain(certificates.Authorities);
        }
        if (certificates.Own is { } own)
        {
            tls.WithClientCertificates([own]);
        }
    }

    /// <summary>Why the broker did not come to answer, if that is a matter of TLS; else null.</summary>
    public string? InWords(Exception failure) => refusal is not null ? refusal
        : !BrokerProblems.IsCutOff(failure) ? null
        : isBelieved ? OwnInWords(failure)
        : $"the broker closed the connection before it showed a certificate: is {address.Port} its port for TLS?";

    public void Dispose() => certificates.Dispose();

    // With TLS 1.3 the broker looks at our certificate when for us the connection seems to stand already. What it says then is
    // often lost with the connection.
    private string OwnInWords(Exception failure) => certificates.Own switch
    {
        null => "the broker closed the connection after TLS had begun. Most likely it wants a certificate of ours: name one in "
            + $"Mqtt:CertificateFile, and its key in Mqtt:KeyFile{Alert(failure)}",
        { } own when Passed(own.NotAfter) => $"our certificate in Mqtt:CertificateFile expired on {Day(own.NotAfter)}: renew it",
        { } own => $"the broker refuses our certificate ({own.Subject}, issued by {own.Issuer}): name one in Mqtt:CertificateFile "
            + $"that was issued by a CA it knows{Alert(failure)}",
    };

    private static string Alert(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause.Message.IndexOf(" alert ", StringComparison.OrdinalIgnoreCase) is >= 0 and var at)
            {
                return $" (TLS{cause.Message[at..].Split('\n')[0].TrimEnd('.')})";
            }
        }
        return "";
    }

    private bool Believes(MqttClientCertificateValidationEventArgs shown)
    {
        var problems = shown.SslPolicyErrors == SslPolicyErrors.None ? [] : Problems(shown).ToList();
        refusal = problems.Count > 0 ? string.Join("; ", problems) : null;
        isBelieved = shown.SslPolicyErrors == SslPolicyErrors.None;
        return isBelieved;
    }

    private IEnumerable<string> Problems(MqttClientCertificateValidationEventArgs shown)
    {
        if (shown.Certificate is null || shown.Chain is null)
        {
            yield return "the broker shows no certificate: is this its port for TLS?";
            yield break;
        }
        using var certificate = new X509Certificate2(shown.Certificate);
        var flags = shown.Chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);
        if (flags.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            yield return TimeProblem(certificate);
        }
        if ((flags & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0)
        {
            yield return $"the broker's certificate is issued by {certificate.Issuer}, "
                + (hasOwnAuthorities ? "which is not the CA in Mqtt:CaFile: put the certificate of that CA there"
                    : "which this machine does not know: name the PEM file of that CA in Mqtt:CaFile");
        }
        if (shown.SslPolicyErrors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            yield return $"the broker's certificate is for {string.Join(", ", Names(certificate))} and not for {address.Host}: "
                + "write one of its names in Mqtt:Broker, or have it issued for this one";
        }
        const X509ChainStatusFlags told =
            X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;
        if ((flags & ~told) != 0)
        {
            yield return $"the broker's certificate cannot be used ({flags & ~told})";
        }
    }

    private string TimeProblem(X509Certificate2 certificate) =>
        Passed(certificate.NotAfter) ? $"the broker's certificate expired on {Day(certificate.NotAfter)}: renew it at the broker"
        : Passed(certificate.NotBefore) ? "a certificate of the broker's CA has expired: renew it, and the broker's with it"
        : $"the broker's certificate is valid from {Day(certificate.NotBefore)} only: is the clock of this machine right?";

    private bool Passed(DateTime localTime) => localTime.ToUniversalTime() < clock.GetUtcNow().UtcDateTime;

    private static string Day(DateTime time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static List<string> Names(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(san => san.EnumerateDnsNames().Concat(san.EnumerateIPAddresses().Select(ip => ip.ToString()))).ToList();
        return names.Count > 0 ? names : [certificate.GetNameInfo(X509NameType.DnsName, forIssuer: false)];
    }
}
