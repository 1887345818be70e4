using Observability.Conformance.Language;
using Observability.Conformance.Running;

namespace Observability.Conformance;

/// <summary>The runner itself: a case that should not pass does not, and a script that is wrong is refused.</summary>
internal sealed class RunnerTests
{
    [TestCase("eval instant at 5m up\n  up 5", ExpectedResult = true)]
    [TestCase("eval instant at 5m up\n  up 5.0000001", ExpectedResult = true, TestName = "Within_a_millionth_numbers_are_equal")]
    [TestCase("eval instant at 5m up\n  up 5.1", ExpectedResult = false)]
    [TestCase("eval instant at 5m up\n  up NaN", ExpectedResult = false)]
    [TestCase("eval instant at 5m up\n  down 5", ExpectedResult = false)]
    [TestCase("eval instant at 5m up\n  up 5\n  down 5", ExpectedResult = false)]
    [TestCase("eval instant at 5m up\n  5", ExpectedResult = false)]
    [TestCase("eval instant at 5m up", ExpectedResult = false)]
    [TestCase("eval instant at 5m missing", ExpectedResult = true)]
    [TestCase("eval instant at 5m 5\n  5", ExpectedResult = true)]
    [TestCase("eval instant at 5m 5\n  6", ExpectedResult = false)]
    [TestCase("eval instant at 5m \"a\"\n  expect string \"a\"", ExpectedResult = true)]
    [TestCase("eval instant at 5m \"a\"\n  expect string \"b\"", ExpectedResult = false)]
    [TestCase("eval instant at 5m up\n  expect fail", ExpectedResult = false)]
    [TestCase("eval instant at 5m up\n  expect warn\n  up 5", ExpectedResult = false)]
    [TestCase("eval instant at 5m quantile(2, up)\n  expect warn\n  {} +Inf", ExpectedResult = true)]
    [TestCase("eval instant at 5m quantile(2, up)\n  expect no_warn\n  {} +Inf", ExpectedResult = false)]
    [TestCase("eval instant at 5m quantile(2, up)\n  expect warn msg: something else\n  {} +Inf", ExpectedResult = false)]
    [TestCase("eval instant at 5m sort_desc({__name__=~\"up|two\"})\n  expect ordered\n  two 10\n  up 5", ExpectedResult = true)]
    [TestCase("eval instant at 5m sort_desc({__name__=~\"up|two\"})\n  expect ordered\n  up 5\n  two 10", ExpectedResult = false)]
    [TestCase("eval range from 0 to 2m step 1m up\n  up 0 1 2", ExpectedResult = true)]
    [TestCase("eval range from 0 to 2m step 1m up\n  up 0 1", ExpectedResult = false)]
    [TestCase("eval range from 0 to 2m step 1m up\n  up 0 _ 2", ExpectedResult = false)]
    [TestCase("eval instant at 5m up[2m]\n  expect range vector from 4m to 5m step 1m\n  up 4 5", ExpectedResult = true)]
    [TestCase("eval instant at 5m up[2m]\n  expect range vector from 4m to 5m step 1m\n  up 4 6", ExpectedResult = false)]
    [TestCase("eval instant at 5m size\n  size {{sum:1 count:2 buckets:[2]}}", ExpectedResult = true)]
    [TestCase("eval instant at 5m size\n  size {{sum:1 count:2 buckets:[2] counter_reset_hint:gauge}}", ExpectedResult = false)]
    [TestCase("eval instant at 5m size\n  size {{sum:1 count:3 buckets:[3]}}", ExpectedResult = false)]
    [TestCase("eval instant at 5m size\n  size 2", ExpectedResult = false)]
    public bool A_case_passes_exactly_when_it_is_as_expected(string eval)
    {
        ScriptRun run = ScriptRun.Of($"load 1m\n  up 0+1x10\n  two 0+2x10\n  size {{{{sum:1 count:2 buckets:[2]}}}}x10\n\n{eval}\n");

        Assert.That(run.Total, Is.EqualTo(1));
        return run.Passed == 1;
    }

    [TestCase("evaluate instant at 5m up")]
    [TestCase("eval instant up")]
    [TestCase("eval range from 0 to 5m up")]
    [TestCase("load 5m extra")]
    [TestCase("load five\n  up 1")]
    [TestCase("load 5m\n  up 1 two")]
    [TestCase("load 5m\n  up{ 1")]
    [TestCase("load 5m\n  up {{sum:1 count}}")]
    [TestCase("load 5m\n  up {{size:1}}")]
    [TestCase("load 5m\n  up {{sum:1")]
    [TestCase("load 5m\n  up {{schema:1}}+{{schema:0}}x2")]
    [TestCase("load 5m\n  up@st -1m\n  down 1")]
    [TestCase("load 5m\n  up@st -1m -1m\n  up 1")]
    [TestCase("load 5m\n  up@st -1m")]
    [TestCase("eval instant at 5m up\n  expect nothing")]
    [TestCase("eval instant at 5m up\n  expect warn\n  expect no_warn")]
    [TestCase("eval instant at 5m up\n  up 1 2")]
    [TestCase("load 5m\n  up{a=~\"b\"} 1")]
    [TestCase("load 5m\n  up{a=\"b\", a=\"c\"} 1")]
    [TestCase("load 5m\n  up@st -1m\n  up@st -2m\n  up 1")]
    [TestCase("load 5m\n  up@st soon\n  up 1")]
    [TestCase("load_with_nhcb 5m\n  h_bucket{le=\"1\"} 5\n  h_bucket{le=\"+Inf\"} 4")]
    [TestCase("load_with_nhcb 5m\n  h_bucket{le=\"+Inf\"} 4\n  h_count 5")]
    [TestCase("eval instant at 5m up\n  expect string up")]
    [TestCase("eval instant at 5m up\n  up")]
    [TestCase("eval instant at 5m up\n  expect fail\n  expect fail")]
    public void A_block_that_is_not_of_the_language_is_a_case_that_fails(string script) => Assert.That(ScriptRun.Of(script + "\n").Failures, Has.Count.EqualTo(1));

    [Test]
    public void A_broken_block_does_not_stop_the_rest_of_its_file()
    {
        ScriptRun run = ScriptRun.Of("load 1m\n  up 1x10\n\neval instant at 5m up\n  up one\n\neval instant at 5m up\n  up 1\n");

        Assert.That((run.Passed, run.Total), Is.EqualTo((1, 2)));
    }

    [TestCase("""up{a="}",b='{"',c=`\`} 1""")]
    [TestCase("""{"up", a="}", b="{\"", c="\\"} 1""")]
    public void A_metric_ends_at_the_brace_that_no_quotes_hold(string series)
    {
        var load = (LoadCommand)ScriptReader.Read($"load 1m\n  {series}\n")[0];

        Assert.That(load.Series[0].Labels.ToString(), Is.EqualTo("""up{a="}",b="{\"",c="\\"}"""));
    }

    [Test]
    public void A_comment_ends_a_block()
    {
        ScriptRun run = ScriptRun.Of("load 1m\n  up 1x10\n\neval instant at 5m up\n# the rest stands alone\nclear\neval instant at 5m up\n");

        Assert.That((run.Passed, run.Total), Is.EqualTo((1, 2)));
    }

    [Test]
    public void Sequences_rise_repeat_and_leave_out()
    {
        double?[] values = [.. SequenceReader.Values("1+2x2 -1-0.5x1 _ _x2 3x1 stale Inf 4+0x1 1m", 1)
            .Select(value => value.IsOmitted ? null : (double?)value.Value)];

        Assert.That(values, Is.EqualTo(new double?[] { 1, 3, 5, -1, -1.5, null, null, null, 3, 3, double.NaN, double.PositiveInfinity, 4, 4, 60 }));
    }
}
