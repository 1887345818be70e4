using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Observability.Model;
using static Observability.Tenancy.Tests.TestDirectory;

namespace Observability.Tenancy.Tests.Ownership;

public sealed class EpochPropertyTests
{
    private static readonly string?[] Labels = [null, "acme", "globex", "initech", "Not A Name"];

    [Test]
    public void Epochs_follow_each_other_without_gap_or_overlap_and_every_moment_has_the_owner_it_had()
    {
        Gen.Select(Gen.Int[0, Labels.Length - 1], Gen.Int[-20_000, 60_000]).List[1, 20].Sample(steps =>
        {
            using var store = new OwnershipStore("", "test");
            using var ledger = new OwnershipLedger(
                store,
                new ClaimResolver([new NamespaceLabelProvider("tenant", NullLogger<NamespaceLabelProvider>.Instance)], [], NullLogger.Instance),
                new TenancyOptions(), NullLogger.Instance);
            long nowMs = At(0);
            ulong rv = 1;
            foreach ((int label, int milliseconds) in steps)
            {
                // The clock is set back now and then.
                nowMs += milliseconds;
                ledger.Apply([], [Namespace("web", "u1", Labels[label], rv++)], nowMs);
                string owner = ledger.Last("u1").Tenant is { IsOperatorPartition: false } uid ? ledger.Tenants.ByUid[uid].Name.ToString() : "_unassigned";
                string expected = TenantName.TryParse(Labels[label], out TenantName name) ? name.ToString() : "_unassigned";
                if (owner != expected)
                    return false;
            }

            var epochs = ledger.Epochs["u1"];
            bool contiguous = epochs.Zip(epochs.Skip(1)).All(pair => pair.First.ToMs == pair.Second.FromMs && pair.First.FromMs < pair.Second.FromMs && pair.First.Tenant != pair.Second.Tenant);
            return contiguous && epochs[0].FromMs == At(0) && epochs[^1].ToMs is null && store.LoadEpochs("u1").SequenceEqual(epochs);
        }, iter: 100);
    }
}
