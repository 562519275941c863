using Microsoft.ML.OnnxRuntime;

namespace Serverless.Inference.Sessions;

/// <summary>
/// ONNX Runtime's environment: one for the process, by its own rule, with the thread pool and the memory arena that all sessions
/// share. Whoever comes first sets them.
/// </summary>
internal static class OrtEnvironment
{
    private static readonly Lock Gate = new();
    private static int _threads;

    /// <summary>Returns the number of threads that the pool really has.</summary>
    public static int Ensure(int wantedThreads, long arenaBytes)
    {
        lock (Gate)
        {
            if (_threads == 0)
            {
                ProcessorTime.WatchPool(() => Create(wantedThreads, arenaBytes));
                _threads = wantedThreads;
            }
            return _threads;
        }
    }

    private static void Create(int threads, long arenaBytes)
    {
        using var threading = new OrtThreadingOptions
        {
            GlobalIntraOpNumThreads = threads,
            GlobalInterOpNumThreads = 1,
            GlobalSpinControl = false,
        };
        threading.SetGlobalDenormalAsZero();
        var options = new EnvironmentCreationOptions
        {
            logId = "Serverless.Inference",
            logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, // what fails is thrown, and messages may quote inputs
            threadOptions = threading,
        };
        OrtEnv environment = OrtEnv.CreateInstanceWithOptions(ref options);
        // Grown by what is asked for, not doubled: the arena stays near what the largest batch needs.
        const int sameAsRequested = 1;
        using var memory = new OrtMemoryInfo(OrtMemoryInfo.allocatorCPU, OrtAllocatorType.ArenaAllocator, 0, OrtMemType.Default);
        using var arena = new OrtArenaCfg(checked((uint)arenaBytes), sameAsRequested, -1, -1);
        environment.CreateAndRegisterAllocator(memory, arena);
    }
}
