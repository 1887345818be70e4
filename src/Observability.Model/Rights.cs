namespace Observability.Model;

/// <summary>What a grant lets its holder read.</summary>
[Flags]
public enum Rights
{
    None = 0,
    Metrics = 1,
    Billing = 2,
}
