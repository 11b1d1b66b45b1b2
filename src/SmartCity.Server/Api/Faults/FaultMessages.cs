using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using DomainIncident = SmartCity.Domain.Faults.Incident;
using Fault = SmartCity.Protocol.V1.Fault;
using FaultAction = SmartCity.Domain.Faults.FaultAction;
using FaultState = SmartCity.Protocol.V1.FaultState;
using FaultStep = SmartCity.Protocol.V1.FaultStep;
using Incident = SmartCity.Protocol.V1.Incident;

namespace SmartCity.Server.Api.Faults;

/// <summary>Faults and incidents as the wire has them.</summary>
internal static class FaultMessages
{
    /// <param name="incident">The one it is part of; empty without one.</param>
    public static Fault Of(FaultCase told, string compound, string incident, Instant evaluation)
    {
        var fault = told.Fault;
        var sent = new Fault
        {
            FaultId = fault.Id,
            PileId = fault.Pile,
            Port = fault.Port,
            CompoundId = compound,
            Code = fault.Code.Number,
            CodeName = fault.Code.Name,
            Severity = (FaultSeverity)fault.Severity,
            RaisedTime = fault.Raised.ToTimestamp(),
            VisibleTime = fault.Visible.ToTimestamp(),
            ClearedTime = fault.Cleared.ToTimestamp(),
            DurationSeconds = fault.Duration(evaluation).TotalSeconds,
            Transient = fault.IsTransient,
            Derived = fault.Derived,
            VendorCode = fault.VendorCode ?? "",
            Info = fault.Info ?? "",
            State = (FaultState)told.State,
            Assignee = told.Assignee ?? "",
            Actions = { told.Actions.Select(Of) },
            ReopenedFrom = told.ReopenedFrom ?? "",
            IncidentId = incident,
        };
        if (fault.Value is { } value)
        {
            sent.Value = value;
        }
        return sent;
    }

    public static Incident Of(DomainIncident incident) => new()
    {
        IncidentId = incident.Id,
        CompoundId = incident.Compound,
        FromTime = incident.From.ToTimestamp(),
        UntilTime = incident.Until.ToTimestamp(),
        PilesSilent = incident.Silent,
        Piles = incident.Piles,
        FaultIds = { incident.Members.Select(fault => fault.Id) },
    };

    private static Protocol.V1.FaultAction Of(FaultAction action) => new()
    {
        ActionId = action.Id,
        Step = (FaultStep)action.Step,
        RecordedTime = action.Recorded.ToTimestamp(),
        By = action.By,
        Assignee = action.Assignee ?? "",
        Note = action.Note ?? "",
        OverrideReason = action.OverrideReason ?? "",
        FaultId = action.On.FaultId,
    };
}
