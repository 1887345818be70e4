namespace Observability.Simulator.Cluster;

/// <summary>
/// A rate that swings slowly around a base, <c>rate · (1 + amplitude · sin(2πt/period + phase))</c>, and its exact integral from 0.
/// The amplitude stays below 1, so the integral never falls.
/// </summary>
internal readonly record struct Wave(double Rate, double Amplitude, double PeriodSeconds, double Phase)
{
    private double Turn => 2 * Math.PI / PeriodSeconds;

    /// <summary>Amplitude 10 to 50 %, period 2 to 10 min, all derived.</summary>
    public static Wave Derive(ulong seed, string purpose, string key, double rate) => new(
        rate,
        Derivation.Between(seed, purpose + " amplitude", key, 0.1, 0.5),
        Derivation.Between(seed, purpose + " period", key, 120, 600),
        Derivation.Between(seed, purpose + " phase", key, 0, 2 * Math.PI));

    public double At(double seconds) => Rate * (1 + (Amplitude * Math.Sin((Turn * seconds) + Phase)));

    public double Integral(double seconds) =>
        Rate * (seconds + (Amplitude / Turn * (Math.Cos(Phase) - Math.Cos((Turn * seconds) + Phase))));
}
