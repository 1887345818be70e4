namespace Observability.PromQL.Functions.Windows;

/// <summary>Computes one step of one series.</summary>
/// <param name="window">The samples; at least one.</param>
/// <param name="parameters">The scalar arguments at this step, in their order.</param>
/// <param name="notes">What the user should be told is added here.</param>
/// <param name="value">The result.</param>
/// <returns>False where the series has no value at this step.</returns>
internal delegate bool WindowFunction(in SampleWindow window, ReadOnlySpan<double> parameters, ref WindowNotes notes, out FunctionValue value);
