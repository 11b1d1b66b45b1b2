using SmartCity.Storage.Influx;

namespace SmartCity.Tests.Influx;

/// <summary>What each version is documented to answer, and what that means.</summary>
public sealed class OutcomeTests
{
    [Theory]
    [InlineData(204, "", "Ok")]
    [InlineData(200, "", "Ok")]
    [InlineData(200, "<html>Please log in</html>", "ConfigFault")]
    [InlineData(200, "{\"results\":[]}", "ConfigFault")]
    [InlineData(302, "", "ConfigFault")]
    [InlineData(400, "{\"error\":\"partial write: unable to parse 'bad line': invalid field format dropped=0\"}", "PartialKept")]
    [InlineData(400, "{\"error\":\"partial write: points beyond retention policy dropped=1\"}", "PartialKept")]
    [InlineData(400, "{\"error\":\"unable to parse 'bad line': invalid field format\"}", "RejectedAll")]
    [InlineData(400, "{\"code\":\"invalid\",\"message\":\"unable to parse 'x': missing fields\"}", "RejectedAll")]
    [InlineData(400, "incoming write was empty", "RejectedAll")]
    [InlineData(400, "{\"error\":\"partial write: max-values-per-tag limit exceeded (9/9): tag=\\\"k\\\"\"}", "ConfigFault")]
    [InlineData(400, "{\"error\":\"partial write: max-series-per-database limit exceeded: (1000000)\"}", "ConfigFault")]
    [InlineData(400, "Authorization header was malformed, the request was not in the form of 'x'", "ConfigFault")]
    [InlineData(401, "{\"error\":\"authorization failed\"}", "ConfigFault")]
    [InlineData(401, "{\"error\": \"the request was not authenticated\"}", "ConfigFault")]
    [InlineData(403, "{\"error\":\"\\\"ro\\\" user is not authorized to write to database \\\"t\\\"\"}", "ConfigFault")]
    [InlineData(404, "{\"error\":\"database not found: \\\"nope\\\"\"}", "ConfigFault")]
    [InlineData(404, "{\"code\":\"not found\",\"message\":\"no dbrp mapping found\"}", "ConfigFault")]
    [InlineData(405, "", "ConfigFault")]
    [InlineData(408, "", "Transient")]
    [InlineData(413, "{\"error\":\"Request Entity Too Large\"}", "TooLarge")]
    [InlineData(413, "<html>\r\n<head><title>413 Request Entity Too Large</title></head>\r\n</html>", "TooLarge")]
    [InlineData(422, "{\"message\":\"failure writing points to database: partial write: field type conflict\"}", "PartialKept")]
    [InlineData(422, "{\"error\":\"Update to schema would exceed number of columns per table limit of 500\"}", "ConfigFault")]
    [InlineData(429, "", "Throttled")]
    [InlineData(499, "", "Transient")]
    [InlineData(500, "{\"error\":\"timeout\"}", "Transient")]
    [InlineData(500, "{\"error\":\"engine: cache-max-memory-size exceeded: (1/1)\"}", "Transient")]
    [InlineData(500, "{\"error\":\"retention policy not found: nope\"}", "ConfigFault")]
    [InlineData(502, "<html>502 Bad Gateway</html>", "Transient")]
    [InlineData(503, "request throttled, queue full", "Transient")]
    [InlineData(504, "", "Transient")]
    public void An_answer_is_of_one_class(int status, string body, string expected) =>
        Assert.Equal(expected, WriteAnswer.Classify(status, body, null).Class.ToString());

    [Fact]
    public void A_list_of_lines_means_that_the_others_are_kept_and_a_single_one_that_nothing_is()
    {
        const string Line = """{"original_line":"m f=x","line_number":2,"error_message":"invalid field value"}""";
        var kept = WriteAnswer.Classify(400, $$"""{"error":"partial write of line protocol occurred","data":[{{Line}}]}""", null);
        var none = WriteAnswer.Classify(400, $$"""{"error":"partial write of line protocol occurred","data":{{Line}}}""", null);
        Assert.Equal((WriteClass.PartialKept, WriteClass.RejectedAll), (kept.Class, none.Class));
        Assert.Equal([new RefusedLine(1, "invalid field value")], kept.Refused);
        Assert.Equal([new RefusedLine(1, "invalid field value")], none.Refused);
    }

    [Fact]
    public void A_list_that_was_cut_off_means_that_nothing_is_known_to_be_kept()
    {
        var cut = WriteAnswer.Classify(400, """{"error":"partial write of line protocol occurred","data":[{"original_li""", null);
        Assert.Equal((WriteClass.RejectedAll, true), (cut.Class, cut.BlamesContent));
    }

    [Fact]
    public void A_server_that_says_when_to_come_back_throttles()
    {
        Assert.Equal(WriteClass.Throttled, WriteAnswer.Classify(503, "", TimeSpan.FromSeconds(3)).Class);
        Assert.Equal(TimeSpan.FromSeconds(3), WriteAnswer.Classify(429, "", TimeSpan.FromSeconds(3)).RetryAfter);
    }

    [Fact]
    public void Any_answer_at_all_has_a_class()
    {
        string[] bodies = ["", "x", "{", "[]", "null", "{\"error\":5}", "{\"data\":7}", "{\"data\":[1]}", "{\"data\":{}}", "\0\uffff"];
        for (var status = 200; status < 600; status++)
        {
            foreach (var body in bodies)
            {
                var outcome = WriteAnswer.Classify(status, body, null);
                Assert.True(status is 200 or 201 or 204 || outcome.Class != WriteClass.Ok, $"{status} {body}");
            }
        }
    }
}
