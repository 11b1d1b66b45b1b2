using System.ComponentModel.DataAnnotations;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>What a city may set about its verdicts: section <c>sanitation</c>. Windows, fences and dwell are in the registry;
/// docs/sanitation.md explains them all.</summary>
internal sealed class SanitationOptions
{
    /// <summary>The zone in which dates are meant that no window gives a zone to. IANA name.</summary>
    [Required]
    public string TimeZone { get; set; } = LocalDay.CityZone;

    /// <summary>Local hour at which a service day starts.</summary>
    [Range(0, 12)]
    public int ServiceDayStartHour { get; set; } = 3;

    /// <summary>Fixes less accurate than this are not used, m.</summary>
    [Range(10.0, 1000.0)]
    public double AccuracyMaxM { get; set; } = 100;

    /// <summary>How far beyond the fence a truck has to be to have left, m.</summary>
    [Range(0.0, 500.0)]
    public double ExitMarginM { get; set; } = 25;

    /// <summary>At most this fast is stopped, km/h.</summary>
    [Range(0.0, 20.0)]
    public double StoppedMaxKmh { get; set; } = 5;

    /// <summary>Evidence from further away does not count, m.</summary>
    [Range(10.0, 500.0)]
    public double EvidenceMaxM { get; set; } = 65;

    /// <summary>A confirmation or picture taken further away does not count, m.</summary>
    [Range(10.0, 2000.0)]
    public double CaptureMaxM { get; set; } = 150;

    /// <summary>A smaller change of weight is noise, kg.</summary>
    [Range(0.0, 1000.0)]
    public double NetMinKg { get; set; } = 3;

    /// <summary>A gap between fixes is blind above this many position intervals of the truck.</summary>
    [Range(1.0, 10.0)]
    public double BlindIntervals { get; set; } = 2;

    /// <summary>A gap between fixes is never blind up to this, s. Above 0 a visit can hide in it and be called MISSED.</summary>
    [Range(0, 3600)]
    public int BlindMinS { get; set; }

    /// <summary>The same for a parked truck, s.</summary>
    [Range(10, 86_400)]
    public int BlindParkedS { get; set; } = 900;

    /// <summary>How fast an unseen truck may have driven in a straight line, km/h.</summary>
    [Range(10.0, 200.0)]
    public double UnseenSpeedKmh { get; set; } = 60;

    /// <summary>How long after its cutoff a verdict becomes final, h.</summary>
    [Range(0, 2160)]
    public int FinalAfterHours { get; set; } = 24;

    /// <summary>The same as the domain wants it.</summary>
    public SanitationRules ToRules() => SanitationRules.Default with
    {
        ServiceDayStart = new TimeOnly(ServiceDayStartHour, 0),
        AccuracyMaxM = AccuracyMaxM,
        ExitMarginM = ExitMarginM,
        StoppedMaxKmh = StoppedMaxKmh,
        EvidenceMaxM = EvidenceMaxM,
        CaptureMaxM = CaptureMaxM,
        NetMinKg = NetMinKg,
        BlindIntervals = BlindIntervals,
        BlindMin = TimeSpan.FromSeconds(BlindMinS),
        BlindParked = TimeSpan.FromSeconds(BlindParkedS),
        UnseenSpeedKmh = UnseenSpeedKmh,
        FinalAfter = TimeSpan.FromHours(FinalAfterHours),
    };
}
