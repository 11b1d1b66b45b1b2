using Google.Protobuf;
using SmartCity.Protocol.Mqtt;
using SmartCity.Protocol.V1;
using SmartCity.Simulator.Devices;
using SmartCity.Simulator.District;

namespace SmartCity.Simulator.Charging;

/// <summary>Writes down what a pile's sensors and its controller see of one local day.</summary>
internal sealed class PileDay
{
    private readonly int seed;
    private readonly PileTimeline timeline;
    private readonly long from;
    private readonly long until;
    private readonly long clock;
    private readonly Random noise;
    private readonly List<Produced> produced = [];

    private PileDay(int seed, PileTimeline timeline, int day)
    {
        this.seed = seed;
        this.timeline = timeline;
        from = CityTime.StartOf(day);
        until = CityTime.StartOf(day + 1);
        clock = DeviceClock.OffsetOf(timeline.Pile.Id, day);
        noise = Seeds.Stream(seed, timeline.Pile.Id + "/noise", day);
    }

    public static DeviceDay Write(int seed, PileTimeline timeline, int day)
    {
        var writer = new PileDay(seed, timeline, day);
        writer.Write();
        // The last gasp of a pile that loses its mains still gets out.
        var unlit = timeline.Dark.Select(d => d with { From = d.From + (2 * CityTime.SecondMs) });
        var gaps = timeline.Gaps.Concat(unlit).Where(g => g.From < writer.until && g.Until > writer.from).ToList();
        return new DeviceDay(UplinkKind.Pile, timeline.Pile.Id, day, writer.produced, gaps, writer.clock);
    }

    private void Write()
    {
        var ports = Enumerable.Range(1, Assumptions.PortsPerPile).ToList();
        var spans = ports.ConvertAll(port => PortStatuses.Of(timeline, port, from, until));
        WriteConn();
        foreach (var port in ports)
        {
            WriteStatuses(port, spans[port - 1]);
            WriteSessions(port);
            WriteFaults(timeline.FaultsOf(port));
        }
        WriteFaults([.. timeline.Dark.Select(d => new PortFault(0, PortFault.MainsLoss, d.From, d.Until, Transient: false))]);
        WriteMeter(spans);
        Sort();
    }

    // List.Sort is not stable; ports report in the order written here when they report at once.
    private void Sort()
    {
        var ordered = produced.OrderBy(p => p.At).ToList();
        produced.Clear();
        produced.AddRange(ordered);
    }

    private void WriteConn()
    {
        var phase = Phase(timeline.Pile.Id, Assumptions.HeartbeatS);
        for (var at = from; at < until; at = at == from ? from + phase : at + (Assumptions.HeartbeatS * CityTime.SecondMs))
        {
            if (!timeline.IsDark(at))
            {
                var boot = at == from;
                Add(at, UplinkChannel.Conn, new ConnRecord
                {
                    Time = at + clock, Online = true, Firmware = boot ? "sim-1.0" : "",
                    ReportIntervalS = Assumptions.HeartbeatS, SignalCsq = 14 + noise.Next(16),
                });
            }
        }
    }

    // The first span of the day and the first after an outage repeat the status: the controller reports all ports as it starts.
    private void WriteStatuses(int port, List<PortSpan> spans)
    {
        foreach (var span in spans.Where(s => s.Status != PortStatus.Offline))
        {
            Add(span.From, UplinkChannel.Status, new StatusRecord
            {
                Time = span.From + clock, Port = port, Status = span.Status, SessionId = span.Session?.Id ?? "",
            });
        }
    }

    private void WriteSessions(int port)
    {
        foreach (var session in timeline.SessionsIn(port, from, until))
        {
            Step(session, session.Start, SessionEvent.Started);
            if (session.FloatFrom < session.End)
            {
                Step(session, session.FloatFrom, SessionEvent.ChargeDone);
            }
            Step(session, session.EndReported, SessionEvent.Ended);
            Step(session, session.Unplugged, SessionEvent.Unplugged);
            Step(session, session.Settled, SessionEvent.Settled);
            if (session.SettledTwice)
            {
                Step(session, session.Settled + (30 * CityTime.MinuteMs), SessionEvent.Settled);
            }
        }
    }

    private void Step(Session session, long at, SessionEvent step)
    {
        var record = new SessionRecord
        {
            Time = at + clock, Port = session.Port, SessionId = session.Id, Event = step, StartTime = session.Start + clock,
        };
        if (step is SessionEvent.Ended or SessionEvent.Settled)
        {
            record.EndTime = session.End + clock;
            record.EnergyWh = Math.Round(session.EnergyWh, 1);
            record.MaxPowerW = Math.Round(session.PlateauW, 1);
            record.StopReason = session.Stop;
        }
        Add(at, UplinkChannel.Session, record);
    }

    private void WriteFaults(IReadOnlyList<PortFault> faults)
    {
        foreach (var fault in faults)
        {
            AddFault(fault, fault.From, FaultEvent.Raised);
            AddFault(fault, fault.Until, FaultEvent.Cleared);
        }
    }

    private void AddFault(PortFault fault, long at, FaultEvent way)
    {
        if (at < from || at >= until)
        {
            return; // Before anything is drawn: the day must not depend on how many other days were prepared with it.
        }
        var record = new FaultRecord { Time = at + clock, Port = fault.Port, Code = fault.Code, Event = way };
        if (fault.Code == PortFault.OverTemperature && way == FaultEvent.Raised)
        {
            record.Value = Math.Round(noise.Between(80, 95), 1);
        }
        if (!timeline.IsRecordLost(seed, fault, at))
        {
            produced.Add(new Produced(at, UplinkChannel.Fault, record));
        }
    }

    private void WriteMeter(List<List<PortSpan>> spans)
    {
        var cursors = new int[spans.Count];
        var step = Assumptions.MeterS * CityTime.SecondMs;
        for (var at = from + Phase(timeline.Pile.Id + "/meter", Assumptions.MeterS); at < until; at += step)
        {
            var ambient = Math.Round(Weather.AmbientC(at) + noise.Gaussian(0.3), 1);
            for (var p = 0; p < spans.Count; p++)
            {
                while (spans[p][cursors[p]].Until <= at)
                {
                    cursors[p]++;
                }
                if (spans[p][cursors[p]] is { Session: { } session, Status: PortStatus.Charging or PortStatus.Floating })
                {
                    Add(at, UplinkChannel.Meter, Sample(session, at, ambient));
                }
            }
        }
    }

    private MeterRecord Sample(Session session, long at, double ambient)
    {
        var volts = Assumptions.MainsV + noise.Gaussian(2);
        var watts = session.PowerAt(at) * (1 + noise.Gaussian(0.008));
        return new MeterRecord
        {
            Time = at + clock, Port = session.Port, SessionId = session.Id, VoltageV = Math.Round(volts, 1),
            PowerW = Math.Round(watts, 1), CurrentA = Math.Round(watts / volts, 3),
            SessionEnergyWh = Math.Round(session.EnergyAt(at), 1), AmbientTempC = ambient,
            PortTempC = Math.Round(PortHeat.TempC(session, at, ambient, watts), 1),
        };
    }

    private void Add(long at, UplinkChannel channel, IMessage record)
    {
        if (at >= from && at < until && !timeline.IsDark(at))
        {
            produced.Add(new Produced(at, channel, record));
        }
    }

    // Devices were switched on at different times, so they do not all report at once.
    private static long Phase(string name, int everyS) =>
        CityTime.SecondMs * (1 + Seeds.Stream(0, name).Next(everyS - 1));
}
