using Observability.Benchmarks.Pipeline;

if (args is ["pipeline", .. string[] rest])
    return await PipelineRun.RunAsync(rest);
BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
