namespace SmartCity.Server.Settings;

/// <summary>Where gRPC answers, HTTP/2 without TLS.</summary>
internal sealed class GrpcOptions
{
    /// <summary>Address and port.</summary>
    public string Listen { get; set; } = "127.0.0.1:5081";
}
