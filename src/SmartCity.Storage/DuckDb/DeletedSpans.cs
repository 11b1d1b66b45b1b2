using System.Collections.Concurrent;
using System.Globalization;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DuckDb.Native;

namespace SmartCity.Storage.DuckDb;

/// <summary>Until when the records of each channel were deleted on purpose.</summary>
internal sealed class DeletedSpans
{
    /// <summary>The table.</summary>
    public const string Definition = "CREATE TABLE IF NOT EXISTS deleted(channel UTINYINT NOT NULL, until_time BIGINT NOT NULL)";

    private readonly ConcurrentDictionary<Channel, Instant> _known = new();
    private (Channel Channel, Instant Until)? _raised;

    public static DeletedSpans Load(DuckDbConnection connection)
    {
        var spans = new DeletedSpans();
        using var rows = connection.Query("SELECT channel, until_time FROM deleted");
        while (rows.Next())
        {
            spans._known[(Channel)rows.Byte()] = new Instant(rows.Int64());
        }
        return spans;
    }

    /// <summary><see cref="Instant.Min"/>: nothing was.</summary>
    public Instant Of(Channel channel) => _known.GetValueOrDefault(channel, Instant.Min);

    /// <summary>Writes it in a transaction that the caller began; it never goes back.</summary>
    public void Raise(Channel channel, Instant until, DuckDbConnection connection)
    {
        until = Instant.Later(until, Of(channel));
        connection.Execute(string.Create(
            CultureInfo.InvariantCulture,
            $"DELETE FROM deleted WHERE channel = {(byte)channel}; INSERT INTO deleted VALUES ({(byte)channel}, {until.Milliseconds})"));
        _raised = (channel, until);
    }

    /// <summary>The transaction is over.</summary>
    public void Committed()
    {
        if (_raised is { } raised)
        {
            _known[raised.Channel] = raised.Until;
            _raised = null;
        }
    }
}
