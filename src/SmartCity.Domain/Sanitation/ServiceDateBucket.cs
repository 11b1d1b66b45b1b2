namespace SmartCity.Domain.Sanitation;

/// <summary>How a range of service dates is cut. Weeks start on Monday.</summary>
public enum ServiceDateBucket
{
    /// <summary>Not at all.</summary>
    Whole,

    /// <summary>By service date.</summary>
    Day,

    /// <summary>By week.</summary>
    Week,

    /// <summary>By calendar month.</summary>
    Month,

    /// <summary>All Mondays together, all Tuesdays together, and so on.</summary>
    DayOfWeek,
}

/// <summary>What one row of figures is about.</summary>
/// <param name="GroupId">Empty for everything in one group.</param>
/// <param name="First">The first service date of the bucket; null for a weekday.</param>
/// <param name="Last">The last service date of the bucket, inclusive; null for a weekday.</param>
/// <param name="Weekday">1 (Monday) .. 7; null for dates.</param>
public readonly record struct ComplianceKey(string GroupId, DateOnly? First, DateOnly? Last, int? Weekday)
{
    /// <summary>The row that a service date belongs to, cut to the range asked about.</summary>
    internal static ComplianceKey Of(string groupId, DateOnly date, ServiceDateBucket bucket, DateOnly first, DateOnly last)
    {
        var weekday = (((int)date.DayOfWeek + 6) % 7) + 1;
        var month = new DateOnly(date.Year, date.Month, 1);
        var (from, until) = bucket switch
        {
            ServiceDateBucket.Day => (date, date),
            ServiceDateBucket.Week => (date.AddDays(1 - weekday), date.AddDays(7 - weekday)),
            ServiceDateBucket.Month => (month, month.AddMonths(1).AddDays(-1)),
            _ => (first, last),
        };
        return bucket == ServiceDateBucket.DayOfWeek
            ? new ComplianceKey(groupId, null, null, weekday)
            : new ComplianceKey(groupId, from < first ? first : from, until > last ? last : until, null);
    }
}
