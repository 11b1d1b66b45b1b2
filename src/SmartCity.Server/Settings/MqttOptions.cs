using System.ComponentModel.DataAnnotations;

namespace SmartCity.Server.Settings;

/// <summary>Where telemetry comes from: a broker inside this process, one outside, or both.</summary>
internal sealed class MqttOptions
{
    /// <summary>Address and port of the embedded broker; empty: none.</summary>
    public string Listen { get; set; } = "127.0.0.1:1883";

    /// <summary>An external broker to read from, <c>mqtt://[user:password@]host[:1883]</c> or <c>mqtts://</c>; empty: none.</summary>
    public string Broker { get; set; } = "";

    /// <summary>Our name at the external broker. It keeps what came while we were away under this name.</summary>
    [Required, RegularExpression("^[A-Za-z0-9_-]{1,64}$", ErrorMessage = "takes 1..64 letters, digits, '-' and '_'")]
    public string ClientId { get; set; } = "smartcity";

    /// <summary>Messages the external broker may send ahead of our acknowledgement.</summary>
    [Range(1, 5_000)]
    public int ReceiveMaximum { get; set; } = 1_000;

    /// <summary>User at the external broker, when not in its address.</summary>
    public string Username { get; set; } = "";

    /// <summary>Password at the external broker, when not in its address.</summary>
    public string Password { get; set; } = "";

    /// <summary>PEM file of the CA whose certificates the external broker may show; empty: those this machine trusts.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>PEM file of the certificate we show to the external broker; empty: none.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>PEM file of its private key, without pass phrase.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>The districts whose devices we read at the external broker, six digits each, with commas; empty: all.</summary>
    [RegularExpression("^([0-9]{6}(,[0-9]{6}){0,99})?$",
        ErrorMessage = "takes districts of six digits with commas, such as 220204,220203")]
    public string Areas { get; set; } = "";

    /// <summary>Share what comes with the other servers that name the same group; empty: every message comes to us.</summary>
    [RegularExpression("^[A-Za-z0-9_-]{0,64}$", ErrorMessage = "takes up to 64 letters, digits, '-' and '_'")]
    public string SharedGroup { get; set; } = "";

    /// <summary>Devices that may be connected to the embedded broker at once.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 20_000;

    /// <summary>A device that promised no keep-alive is cut off after this long without a byte.</summary>
    [Range(1, 10_080)]
    public int IdleMinutes { get; set; } = 30;
}
