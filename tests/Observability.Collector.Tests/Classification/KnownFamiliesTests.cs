using Observability.Collector.Classification;
using Observability.Collector.Settings;
using Observability.Model.Families;

namespace Observability.Collector.Tests.Classification;

public class KnownFamiliesTests
{
    [Test]
    public void Every_family_that_passes_is_known_by_the_same_type()
    {
        var list = new FamilyList(new CollectorOptions { ResourcePods = true });

        List<Family> families = [];
        for (int i = 0; i < list.Count; i++)
            families.Add(list[i]);
        Assert.That(families, Has.Count.GreaterThan(50));
        foreach (Family family in families)
        {
            Assert.That(KnownFamilies.TryFind(family.Name, out MetricFamily? known), Is.True, family.Name);
            Assert.That(known!.TypeText, Is.EqualTo(family.Type.ToString().ToLowerInvariant()), family.Name);
        }
    }
}
