namespace SmartCity.Cli.Asking;

/// <summary>How an answer is written.</summary>
internal enum OutputFormat
{
    /// <summary>As nobody said otherwise: a table.</summary>
    Unspecified = 0,

    /// <summary>For people.</summary>
    Table = 1,

    /// <summary>The server's response as proto3 JSON.</summary>
    Json = 2,

    /// <summary>One line per row by RFC 4180, with a header; instants with the offset of the asked zone.</summary>
    Csv = 3,
}
