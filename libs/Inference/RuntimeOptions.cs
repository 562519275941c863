using System.ComponentModel.DataAnnotations;

namespace Serverless.Inference;

/// <summary>How models are run, the same for all of a process.</summary>
public sealed class RuntimeOptions
{
    /// <summary>Threads that all sessions share; 0, the default, takes one for each core. The first runtime of a process decides.</summary>
    [Range(0, 1_024)]
    public int Threads { get; set; }

    /// <summary>Default Auto: CUDA where its provider library and a driver are present, else the CPU.</summary>
    public ProviderPreference Provider { get; set; } = ProviderPreference.Auto;

    /// <summary>
    /// The folder of libonnxruntime_providers_cuda.so (package Microsoft.ML.OnnxRuntime.Gpu.Linux); default: beside the application, or
    /// where its native libraries lie.
    /// </summary>
    public string? CudaProviderFolder { get; set; }

    /// <summary>
    /// Most memory for the tensors of running batches, all models together; default 2 GiB. A batch that needs more fails: lower the
    /// batch budgets before raising this.
    /// </summary>
    [Range(64L << 20, uint.MaxValue)]
    public long MaxArenaBytes { get; set; } = 2L << 30;

    /// <summary>
    /// By how much the process may grow while a model that handles strings runs; default 1 GiB. The run fails then: strings lie outside
    /// MaxArenaBytes, and a model may make them longer and longer. It ends between two operators, so that a single one may pass the bound:
    /// one that repeats texts, such as Tile, makes as many as MaxArenaBytes has room for at 32 bytes each, of any length. Only a process's
    /// own limit holds that up, which a version on trial has, and a serving process has as far as its container sets one.
    /// </summary>
    [Range(1L << 20, 1L << 40)]
    public long MaxStringBytes { get; set; } = 1L << 30;

    /// <summary>
    /// Padded tokens in one run; default 4,096. Raising it gives throughput on a GPU (16,384 or more) and costs memory: attention over
    /// 32 texts of 128 tokens, the default's worth, takes 25 MB in each layer of a 12-head model.
    /// </summary>
    [Range(1, 1 << 20)]
    public int MaxBatchTokens { get; set; } = 4_096;

    /// <summary>
    /// Input pixels in one run; default 802,816, which is 16 images of 224 × 224. Raising it helps a GPU, on a CPU only memory.
    /// </summary>
    [Range(1, 1 << 28)]
    public int MaxBatchPixels { get; set; } = 16 * 224 * 224;
}

public enum ProviderPreference
{
    Auto,
    Cpu,
    Cuda,
}
