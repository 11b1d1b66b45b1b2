using SmartCity.Domain.Sanitation;

namespace SmartCity.Tests.Sanitation;

/// <summary>Rule 14: the figures.</summary>
public sealed class ComplianceTests
{
    private static readonly DateOnly Tuesday = Town.Monday.AddDays(1);

    /// <summary>Outcomes of one point, one letter each: O on time, Y early, T late, M missed, U undetermined, K excused, X cancelled,
    /// P pending. Three windows a day.</summary>
    private static List<ObligationOutcome> Outcomes(string letters, string pointId = "P")
    {
        var town = new Town().Point(pointId, 300, "MORNING NOON EVENING");
        var due = town.Plan(Town.Monday, Town.Monday.AddDays(letters.Length / 3)).Points.Single().Asked;
        return [.. letters.Select((letter, i) => OutcomeOf(due[i], letter))];
    }

    private static ObligationOutcome OutcomeOf(Obligation due, char letter)
    {
        var (verdict, decision) = letter switch
        {
            'O' => (Verdict.OnTime, due.Start),
            'Y' => (Verdict.Early, due.Start - TimeSpan.FromMinutes(20)),
            'T' => (Verdict.Late, due.End + TimeSpan.FromMinutes(30)),
            'M' => (Verdict.Missed, default),
            'U' => (Verdict.Undetermined, default),
            'K' => (Verdict.Excused, default),
            'X' => (Verdict.Cancelled, default),
            _ => (Verdict.Pending, default),
        };
        var visit = "OYT".Contains(letter, StringComparison.Ordinal)
            ? new Visit("T1", due.Point.Id, decision, decision, decision, TimeSpan.Zero, 1, 1, EvidenceGrade.B, false, 0, null)
            : null;
        return new ObligationOutcome(due, verdict, true, false, false, visit);
    }

    private static ComplianceFigures Of(params List<ObligationOutcome>[] points) =>
        Compliance.Of(points.SelectMany(p => p), _ => true, _ => "", ServiceDateBucket.Whole, Town.Monday, Town.Monday.AddDays(30))
            .Single().Figures;

    [Fact]
    public void Due_is_what_is_neither_cancelled_excused_nor_open()
    {
        var figures = Of(Outcomes("OYTMUKXPO"));
        Assert.Equal((9, 1, 1, 1, 6), (figures.Scheduled, figures.Cancelled, figures.Excused, figures.Open, figures.Due));
        Assert.Equal(figures.Due, figures.OnTime + figures.Early + figures.Late + figures.Missed + figures.Undetermined);
        Assert.Equal(4 / 6.0, figures.CompletionRate);
        Assert.Equal(2 / 6.0, figures.OnTimeRate);
        Assert.Equal(1 / 6.0, figures.MissedRate);
        Assert.Equal(4 / 5.0, figures.CompletionRateDetermined);
        Assert.Equal(2 / 5.0, figures.OnTimeRateDetermined);
        Assert.Equal(5 / 6.0, figures.Completeness);
    }

    [Fact]
    public void A_window_moved_behind_one_of_the_next_date_still_counts_with_its_own_date()
    {
        var outcome = new Town().Point("P", 300, "MORNING EVENING")
            .Except(ExceptionKind.ShiftWindow, "01:00:00", e => e with { WindowKey = "EVENING", By = TimeSpan.FromHours(14) })
            .Judge("2026-11-27 12:00:00", Town.Monday, Tuesday);
        Assert.Equal("MORNING MORNING EVENING EVENING", string.Join(' ', outcome.Obligations.Select(o => o.Obligation.Window.Key)));
        Assert.Equal(2, Of([.. outcome.Obligations]).DaysDue);
    }

    [Fact]
    public void Rates_without_a_denominator_are_absent()
    {
        var figures = Of(Outcomes("KXP"));
        Assert.Null(figures.CompletionRate);
        Assert.Null(figures.FullDayCompliance);
        Assert.Null(figures.Coverage);
        Assert.Null(figures.MaxGap);
        Assert.Null(figures.DeviationP50);
        Assert.Null(Of(Outcomes("U")).OnTimeRateDetermined);
    }

    [Theory]
    [InlineData("OOO", 1, 1)]
    [InlineData("OOT", 0, 1)]
    [InlineData("OOU", 0, 1)] // Not seen is not on time.
    [InlineData("OKX", 1, 1)] // What was not due does not count.
    [InlineData("KXX", 0, 0)]
    [InlineData("OOP", 0, 0)] // The day is not over.
    [InlineData("OOOOMOOOP", 1, 2)]
    public void A_full_day_is_on_time_in_every_due_window(string letters, int full, int due)
    {
        var figures = Of(Outcomes(letters));
        Assert.Equal((full, due), (figures.FullDays, figures.DaysDue));
    }

    [Theory]
    [InlineData("MMOM", 2)]
    [InlineData("MUM", 2)] // Undetermined neither extends nor ends it.
    [InlineData("MKM", 2)]
    [InlineData("MXPM", 2)]
    [InlineData("MTM", 1)]
    [InlineData("OOO", 0)]
    public void A_streak_is_ended_by_service_only(string letters, int longest) =>
        Assert.Equal(longest, Of(Outcomes(letters)).LongestMissStreak);

    [Fact]
    public void Streaks_and_gaps_do_not_run_from_one_point_to_the_next()
    {
        var figures = Of(Outcomes("OMM", "A"), Outcomes("MMO", "B"));
        Assert.Equal(2, figures.LongestMissStreak);
        Assert.Null(figures.MaxGap);
        Assert.Equal((2, 2, 2), (figures.Points, figures.PointsDue, figures.PointsServed));
    }

    [Fact]
    public void The_longest_gap_lies_between_decision_instants()
    {
        // MORNING 04:30 on Monday, then EVENING 17:00, then NOON 11:00 on Tuesday.
        Assert.Equal(TimeSpan.FromHours(18), Of(Outcomes("OMOMO")).MaxGap);
    }

    [Fact]
    public void A_gap_counts_where_it_ends_even_when_windows_are_chosen()
    {
        var outcomes = Outcomes("OOOOOO");
        var rows = Compliance.Of(
            outcomes, o => o.Window.Key == "MORNING", _ => "", ServiceDateBucket.Day, Town.Monday, Tuesday);
        Assert.Equal([null, TimeSpan.FromHours(11.5)], rows.Select(r => r.Figures.MaxGap));
        Assert.All(rows, r => Assert.Equal(1, r.Figures.Scheduled));
    }

    [Fact]
    public void Coverage_is_points_served_of_points_due() =>
        Assert.Equal(0.5, Of(Outcomes("MMM", "A"), Outcomes("MMO", "B"), Outcomes("KKK", "C")).Coverage);

    [Fact]
    public void Deviations_are_negative_before_the_window_and_positive_after()
    {
        var figures = Of(Outcomes("YOOOOOOOOT"));
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (figures.DeviationP50!.Value, figures.DeviationP90!.Value));
        Assert.Equal(TimeSpan.FromMinutes(-20), Of(Outcomes("YYT")).DeviationP50);
        Assert.Equal(TimeSpan.FromMinutes(30), Of(Outcomes("YYT")).DeviationP90);
    }

    [Fact]
    public void Buckets_cut_service_dates()
    {
        var outcomes = Outcomes(new string('O', 30)); // Ten days from Monday, 23 November.
        (int Rows, DateOnly? First, DateOnly? Last) Cut(ServiceDateBucket bucket)
        {
            var rows = Compliance.Of(outcomes, _ => true, _ => "", bucket, Town.Monday, Town.Monday.AddDays(9));
            Assert.Equal(30, rows.Sum(r => r.Figures.Scheduled));
            return (rows.Count, rows[^1].Key.First, rows[^1].Key.Last);
        }
        Assert.Equal((1, Town.Monday, Town.Monday.AddDays(9)), Cut(ServiceDateBucket.Whole));
        Assert.Equal((10, Town.Monday.AddDays(9), Town.Monday.AddDays(9)), Cut(ServiceDateBucket.Day));
        Assert.Equal((2, Town.Monday.AddDays(7), Town.Monday.AddDays(9)), Cut(ServiceDateBucket.Week));
        Assert.Equal((2, new DateOnly(2026, 12, 1), new DateOnly(2026, 12, 2)), Cut(ServiceDateBucket.Month));
        Assert.Equal((7, null, null), Cut(ServiceDateBucket.DayOfWeek));
    }

    [Fact]
    public void Two_compounds_sharing_a_point_do_not_count_it_twice()
    {
        var outcomes = Outcomes("OMO");
        var rows = Compliance.Of(outcomes, _ => true, o => o.Point.CompoundId, ServiceDateBucket.Whole, Town.Monday, Town.Monday);
        Assert.Equal(3, rows.Sum(r => r.Figures.Scheduled));
    }

    // Published worked values of the interval.
    [Theory]
    [InlineData(0, 10, 0, 0.2775)]
    [InlineData(1, 1, 0.2065, 1)]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void A_rate_of_few_may_lie_far_from_what_was_counted(int part, int whole, double low, double high)
    {
        var interval = WilsonInterval.Of(part, whole)!.Value;
        Assert.Equal(low, interval.Low, 0.0001);
        Assert.Equal(high, interval.High, 0.0001);
    }

    [Fact]
    public void Rates_have_intervals_where_they_are_known()
    {
        var figures = Of(Outcomes("OYTMUKXPO"));
        Assert.Equal(WilsonInterval.Of(4, 6), figures.CompletionInterval);
        Assert.Equal(WilsonInterval.Of(2, 6), figures.OnTimeInterval);
        Assert.Equal(WilsonInterval.Of(1, 6), figures.MissedInterval);
        Assert.Equal(WilsonInterval.Of(figures.FullDays, figures.DaysDue), figures.FullDayInterval);
        Assert.Null(Of(Outcomes("KXP")).CompletionInterval);
    }

    [Fact]
    public void A_miss_is_answered_by_the_next_visit_that_served_the_point_in_whatever_window()
    {
        var due = Outcomes("MMTOOMOOM");
        var figures = Of(due, Outcomes("OOO", "Q"));

        Assert.Equal((4, 3), (figures.Missed, figures.MissesFollowed));
        var late = due[2].Primary!.Decision;
        TimeSpan[] expected =
        [
            .. new[]
            {
                late - due[0].Obligation.AcceptUntil, late - due[1].Obligation.AcceptUntil,
                due[6].Primary!.Decision - due[5].Obligation.AcceptUntil,
            }.Order(),
        ];
        Assert.Equal((expected[1], expected[2]), (figures.MissResponseP50, figures.MissResponseP90));
        Assert.True(expected[0] > TimeSpan.Zero);
    }

    [Fact]
    public void A_visit_between_the_windows_ends_the_wait_of_all_that_were_missed_before()
    {
        var town = new Town().Truck("T1").Point("P", 300, "MORNING NOON EVENING");
        // Noon is accepted from 10:00, evening until 23:00; the point is missed in the morning, and nobody comes at noon.
        town.Log("T1").Stay("09:45:00", "09:47:00", 300).Stay("23:30:00", "23:32:00", 300);
        var day = town.Judge("2026-11-27 12:00:00").Obligations;
        Assert.All(day, o => Assert.Equal(Verdict.Missed, o.Verdict));
        var figures = Of([.. day]);
        Assert.Equal((3, 3), (figures.Missed, figures.MissesFollowed));
        Assert.Equal([Town.At("09:45:00"), null, Town.At("23:30:00")], day.Select(o => o.Extra));
        Assert.Equal(Town.At("23:30:00") - day[2].Obligation.AcceptUntil, figures.MissResponseP50);
        Assert.Equal(Town.At("23:30:00") - day[1].Obligation.AcceptUntil, figures.MissResponseP90);
    }

    [Fact]
    public void A_drive_past_ends_no_wait()
    {
        var town = new Town().Truck("T1").Point("P", 300);
        town.Log("T1").Stay("09:45:00", "09:47:00", 300, speed: 20);
        Assert.Equal((1, 0), (Of([.. town.Judge().Obligations]).Missed, Of([.. town.Judge().Obligations]).MissesFollowed));
    }

    [Fact]
    public void A_window_that_was_not_asked_about_still_answers_a_miss_and_one_that_was_not_asked_about_is_no_miss()
    {
        var due = Outcomes("MTO");
        ComplianceFigures In(string key) => Compliance.Of(
            due, o => o.Window.Key == key, _ => "", ServiceDateBucket.Whole, Town.Monday, Tuesday).Single().Figures;
        Assert.Equal(due[1].Primary!.Decision - due[0].Obligation.AcceptUntil, In("MORNING").MissResponseP50);
        Assert.Equal((0, null), (In("NOON").MissesFollowed, In("NOON").MissResponseP50));
    }
}
