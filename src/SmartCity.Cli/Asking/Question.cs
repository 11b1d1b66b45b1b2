using System.CommandLine;
using Grpc.Core;
using Grpc.Net.Client;
using SmartCity.Protocol.V1;
using Timestamp = Google.Protobuf.WellKnownTypes.Timestamp;

namespace SmartCity.Cli.Asking;

/// <summary>One command on its way to the server: what was typed, and the channel.</summary>
internal sealed class Question(ParseResult parsed, Terminal terminal, GrpcChannel channel, CancellationToken cancellation)
{
    private const int AnswerBytesMax = 256 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public Terminal Terminal => terminal;

    public CancellationToken Cancellation => cancellation;

    public GrpcChannel Channel => channel;

    public OutputFormat Output { get; } = parsed.GetValue(CommonOptions.Output);

    /// <summary>Whose clock the answer is shown in.</summary>
    public TimeZoneInfo Zone { get; } = Moments.Zone(parsed.GetValue(CommonOptions.TimeZone)!);

    public Scope Scope => ScopeOptions.Read(parsed);

    /// <summary>The last moment an answer knows of: that of --as-of, or now.</summary>
    public DateTimeOffset Now => AsOf?.ToDateTimeOffset() ?? terminal.Clock.GetUtcNow();

    public Period Period => PeriodOptions.Read(parsed, Zone, Now);

    public bool HasPeriod => PeriodOptions.AreGiven(parsed);

    public DateRange NamedDates => DateOptions.ReadNamed(parsed);

    public DateRange Dates => DateOptions.Read(parsed, Moments.DateOf(Now, Zone));

    // An option that the command does not take has no value.
    public Timestamp? AsOf => parsed.GetResult(CommonOptions.AsOf)?.GetValueOrDefault<string?>() is { } text
        ? Moments.Instant("--as-of", text, Zone).ToTimestamp()
        : null;

    /// <summary>How the command ends.</summary>
    public int Code { get; private set; } = CommandLine.Done;

    public int Limit => parsed.GetValue(CommonOptions.Limit);

    /// <summary>For one call: it may not take for ever.</summary>
    public CallOptions Call => new(
        deadline: terminal.Clock.GetUtcNow().UtcDateTime + Patience, cancellationToken: cancellation);

    /// <summary>For a stream that lasts as long as its watcher.</summary>
    public CallOptions Stream => new(cancellationToken: cancellation);

    /// <summary>The answer is written, and tells of something that did not succeed.</summary>
    public void Fail() => Code = CommandLine.Failed;

    public T Get<T>(Option<T> option) => parsed.GetValue(option)!;

    /// <summary>The same of an option that not every command takes.</summary>
    public string? Given(Option option) => parsed.GetResult(option)?.GetValueOrDefault<string?>();

    public T Get<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    /// <summary>A command that asks one question. <paramref name="examples"/> stand below its help, one in each line.</summary>
    public static Command Command(
        Terminal terminal, string name, string description, string examples, IEnumerable<Option> options,
        Func<Question, Task> ask)
    {
        var command = new ExampleCommand(name, description, examples);
        foreach (var option in options)
        {
            command.Add(option);
        }
        command.SetAction(async (parsed, cancellation) =>
        {
            using var channel = Open(parsed.GetValue(CommonOptions.Server)!);
            var question = new Question(parsed, terminal, channel, cancellation);
            await ask(question);
            return question.Code;
        });
        return command;
    }

    private static GrpcChannel Open(string server) =>
        Uri.TryCreate(server, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? GrpcChannel.ForAddress(address, new GrpcChannelOptions { MaxReceiveMessageSize = AnswerBytesMax })
            : throw new UsageException($"--server: '{server}' is no address. Write http://127.0.0.1:5081.");
}
