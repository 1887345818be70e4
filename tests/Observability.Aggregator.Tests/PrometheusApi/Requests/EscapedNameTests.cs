using Observability.Aggregator.PrometheusApi.Requests;

namespace Observability.Aggregator.Tests.PrometheusApi.Requests;

public class EscapedNameTests
{
    [TestCase("job", ExpectedResult = "job")]
    [TestCase("U__http_2e_status", ExpectedResult = "http.status")]
    [TestCase("U__a__b", ExpectedResult = "a_b")]
    [TestCase("U___3053__3093_", ExpectedResult = "こん")]
    [TestCase("U___1f600_", ExpectedResult = "😀")]
    [TestCase("U__http_2e", ExpectedResult = "U__http_2e")]         // does not end
    [TestCase("U__http_zz_x", ExpectedResult = "U__http_zz_x")]
    [TestCase("U__http_d800_x", ExpectedResult = "U__http_d800_x")] // no character
    [TestCase("U__a.b", ExpectedResult = "U__a.b")]
    [TestCase("U__", ExpectedResult = "")]
    public string A_name_is_unescaped_where_it_is_escaped(string name) => EscapedName.Unescape(name);
}
