using Observability.Benchmarks.Pipeline;
using Observability.Benchmarks.PromQL;
using Observability.Benchmarks.SideBySide;
using Observability.Benchmarks.Storage;

if (args is ["pipeline", .. string[] rest])
    return await PipelineRun.RunAsync(rest);
if (args is ["side-by-side", .. string[] options])
    return await SideBySideRun.RunAsync(options);
if (args is ["sealed", .. string[] history])
    return await SealedBlocks.RunAsync(history);
if (args is ["queries", .. string[] queries])
    return QueryRun.Run(queries);
if (args is ["memory", .. string[] memory])
    return await HeadMemoryRun.RunAsync(memory);
BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
