using System.Diagnostics;
using System.Net.Sockets;
using SmartCity.Simulator.Mqtt;

namespace SmartCity.Simulator.Load;

/// <summary>
/// One load device: sends its next message as soon as one is acknowledged and it may. After a break it connects again and sends
/// what was not acknowledged once more, unchanged.
/// </summary>
internal sealed class LoadConnection
{
    private const double CreditsMax = 100_000, RetryMs = 100, RetryMsMax = 5000;
    private readonly LoadOptions options;
    private readonly string device;
    private readonly LoadTemplate template;
    private readonly LoadTemplate badTemplate;
    private readonly byte[] ledgerPrefix;
    private readonly Slot[] slots;
    private readonly byte[] buffer;
    private readonly LatencyHistogram latency;
    private readonly Ledger? ledger;
    private readonly TimeProvider clock;
    private readonly Random jitter;
    private readonly Lock gate = new();
    private MqttConnection? live;
    private double credits;
    private long nextSeq = 1;
    private int inFlight;
    private bool finishing;

    public LoadConnection(
        LoadOptions options, string device, string boot, LatencyHistogram latency, Ledger? ledger, TimeProvider clock,
        Random jitter)
    {
        this.options = options;
        this.device = device;
        this.latency = latency;
        this.ledger = ledger;
        this.clock = clock;
        this.jitter = jitter;
        template = new LoadTemplate(device, boot, options.Payload, options.Records, options.Qos, area: options.Area);
        badTemplate = new LoadTemplate(device, boot, options.Payload, options.Records, options.Qos, bad: true, options.Area);
        ledgerPrefix = Ledger.Prefix(device, boot);
        slots = new Slot[options.Window];
        buffer = new byte[Math.Max(template.Length, badTemplate.Length) * options.Window];
        credits = options.Rate > 0 ? 0 : double.PositiveInfinity;
    }

    /// <summary>Messages written, each once.</summary>
    public long Sent => Volatile.Read(ref nextSeq) - 1;

    public long Acked { get; private set; }

    public long Refused { get; private set; }

    public long Resent { get; private set; }

    public int Breaks { get; private set; }

    public bool Connected => Volatile.Read(ref live) is not null;

    /// <summary>Why the latest connection failed; empty when none did.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>Whether all it sent is acknowledged.</summary>
    public bool Idle => Volatile.Read(ref inFlight) == 0;

    /// <summary>Allows more messages, when the rate is limited.</summary>
    public void Grant(double messages)
    {
        lock (gate)
        {
            credits = Math.Min(CreditsMax, credits + messages);
            TryFill();
        }
    }

    /// <summary>No new messages from now on; what is on its way may still be acknowledged.</summary>
    public void Finish()
    {
        lock (gate)
        {
            finishing = true;
        }
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(SemaphoreSlim connecting, CancellationToken stopping)
    {
        var acks = new List<PubAck>();
        for (var failures = 0; !stopping.IsCancellationRequested; failures++)
        {
            try
            {
                using var silence = CancellationTokenSource.CreateLinkedTokenSource(stopping);
                silence.CancelAfter(options.SilenceMax);
                using var connection = await OpenAsync(connecting, silence.Token);
                failures = 0;
                Start(connection);
                while (true)
                {
                    await connection.ReceiveAsync(acks, silence.Token);
                    silence.CancelAfter(options.SilenceMax);
                    Settle(acks);
                }
            }
            catch (Exception e) when (
                e is SocketException or MqttException or OperationCanceledException or ObjectDisposedException)
            {
                Problem = e is OperationCanceledException ? Problem : e.Message;
            }
            Stop(isBreak: !stopping.IsCancellationRequested);
            await BackOffAsync(failures, stopping);
        }
    }

    private async Task BackOffAsync(int failures, CancellationToken stopping)
    {
        var most = Math.Min(RetryMsMax, RetryMs * Math.Pow(2, Math.Min(failures, 8)));
        await Task.Delay(TimeSpan.FromMilliseconds(most * (0.5 + (jitter.NextDouble() / 2))), clock, stopping)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<MqttConnection> OpenAsync(SemaphoreSlim connecting, CancellationToken stopping)
    {
        // Not all at once: the listener's queue is short.
        await connecting.WaitAsync(stopping);
        try
        {
            var session = new MqttSession(device, Will: null) { KeepAlive = TimeSpan.Zero };
            return await MqttConnection.OpenAsync(options.Broker, session, stopping);
        }
        finally
        {
            connecting.Release();
        }
    }

    private void Start(MqttConnection connection)
    {
        lock (gate)
        {
            live = connection;
            var length = 0;
            for (var s = 0; s < slots.Length; s++)
            {
                if (slots[s].Seq > 0)
                {
                    Resent++;
                    Write(s, ref length);
                }
            }
            connection.Send(buffer.AsSpan(0, length));
            TryFill();
        }
    }

    private void Stop(bool isBreak)
    {
        lock (gate)
        {
            Breaks += isBreak && live is not null ? 1 : 0;
            live = null;
        }
    }

    private void Settle(List<PubAck> acks)
    {
        var now = Stopwatch.GetTimestamp();
        lock (gate)
        {
            var length = 0;
            foreach (var ack in acks)
            {
                ref var slot = ref slots[ack.PacketId - 1];
                if (ack.Refused)
                {
                    Refused++;
                    Write(ack.PacketId - 1, ref length); // Refused is not lost: once more.
                    continue;
                }
                latency.Add(now - slot.SentAt);
                ledger?.Write(ledgerPrefix, slot.Seq, clock.GetUtcNow().ToUnixTimeMilliseconds());
                slot = default;
                inFlight--;
                Acked++;
            }
            live?.Send(buffer.AsSpan(0, length));
            TryFill();
        }
    }

    // A connection that breaks while it is written to is noticed by its reader, who connects again.
    private void TryFill()
    {
        try
        {
            Fill();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Problem = e.Message;
        }
    }

    private void Fill()
    {
        if (live is null || finishing)
        {
            return;
        }
        var length = 0;
        for (var s = 0; s < slots.Length && credits >= 1 && (inFlight < slots.Length || options.Qos == 0); s++)
        {
            if (slots[s].Seq == 0)
            {
                credits--;
                slots[s].Seq = nextSeq++;
                slots[s].TimeMs = clock.GetUtcNow().ToUnixTimeMilliseconds();
                Write(s, ref length);
                inFlight++;
            }
        }
        live.Send(buffer.AsSpan(0, length));
        if (options.Qos == 0)
        {
            Acked += inFlight; // Nothing will ever acknowledge them.
            inFlight = 0;
            Array.Clear(slots);
        }
    }

    private void Write(int slot, ref int length)
    {
        slots[slot].SentAt = Stopwatch.GetTimestamp();
        var packet = options.BadEvery > 0 && slots[slot].Seq % options.BadEvery == 0 ? badTemplate : template;
        packet.Write(buffer.AsSpan(length), (ushort)(slot + 1), slots[slot].Seq, slots[slot].TimeMs);
        length += packet.Length;
    }

    /// <summary>A message on its way; free when <see cref="Seq"/> is 0.</summary>
    private struct Slot
    {
        public long Seq;
        public long TimeMs;
        public long SentAt;
    }
}
