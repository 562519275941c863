using System.Runtime.InteropServices;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Packages;
using Xunit;

namespace Serverless.Unit.Inference;

public sealed class InferenceRuntimeTests
{
    private const string Library = "libonnxruntime_providers_cuda.so";

    [Fact]
    public void Provider_WithoutTheCudaLibrary_IsTheCpu_AndSaysWhy()
    {
        DirectoryInfo empty = Directory.CreateTempSubdirectory("cuda-");
        using var runtime = new InferenceRuntime(new RuntimeOptions { CudaProviderFolder = empty.FullName });
        empty.Delete();

        Assert.Equal("CPU", runtime.Provider);
        Assert.Equal(
            $"no CUDA: {Path.Combine(empty.FullName, Library)} does not exist (it is in the package "
                + $"Microsoft.ML.OnnxRuntime.Gpu.Linux: build gpu-batch with -p:Gpu=true)",
            runtime.ProviderReason
        );
    }

    [Fact]
    public void Provider_WithoutADriver_IsTheCpu_AndSaysWhy()
    {
        Assert.SkipWhen(NativeLibrary.TryLoad("libcuda.so.1", out _), "this machine has an NVIDIA driver");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("cuda-");
        File.WriteAllBytes(Path.Combine(folder.FullName, Library), []);
        using var runtime = new InferenceRuntime(new RuntimeOptions { CudaProviderFolder = folder.FullName });
        folder.Delete(recursive: true);

        Assert.Equal("no CUDA: libcuda.so.1, the NVIDIA driver's library, cannot be loaded", runtime.ProviderReason);
    }

    [Fact]
    public void Provider_DemandedAndAbsent_IsRefused()
    {
        Assert.SkipWhen(File.Exists(Path.Combine(AppContext.BaseDirectory, Library)), "the CUDA provider is installed");

        var error = Assert.Throws<InvalidOperationException>(() =>
            new InferenceRuntime(new RuntimeOptions { Provider = ProviderPreference.Cuda })
        );

        Assert.StartsWith("The CUDA provider was asked for, but ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OfAnUnknownOperator_IsRefusedInTheRuntimesWords()
    {
        var error = Assert.Throws<ModelRejectedException>(() =>
            new TextEmbedder(TestModels.Runtime, TestModels.Load("text-unknown-operator"))
        );

        Assert.Contains("text-unknown-operator/1: model.onnx: found what ONNX Runtime refuses", error.Message, StringComparison.Ordinal);
        Assert.Contains("No Op registered for Frobnicate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OfOneModelTwice_SharesTheSession()
    {
        using var runtime = new InferenceRuntime(new RuntimeOptions());

        var embedders = new[]
        {
            new TextEmbedder(runtime, TestModels.Load("text-mean")),
            new TextEmbedder(runtime, TestModels.Load("text-mean")),
        };

        Assert.Equal(embedders[0].Model, embedders[1].Model);
        Assert.Single(runtime.Usage);
    }

    [Fact]
    public void Open_OfOneDigestUnderTwoNames_SharesTheSession_AndKeepsTheNames()
    {
        using var twin = new TemporaryPackage("twin", copyOf: "text-mean");
        using var runtime = new InferenceRuntime(new RuntimeOptions());

        var embedders = new[]
        {
            new TextEmbedder(runtime, TestModels.Load("text-mean")),
            new TextEmbedder(runtime, ModelPackage.Load(twin.Folder, ModelLimits.Default)),
        };

        Assert.Equal(["text-mean", "twin"], embedders.Select(e => e.Model.Name));
        Assert.Single(runtime.Usage);
    }

    [Fact]
    public async Task Dispose_DuringARun_ClosesTheSessionAfterIt()
    {
        using var runtime = new InferenceRuntime(new RuntimeOptions());
        var embedder = new TextEmbedder(runtime, TestModels.Load("text-mean"));
        string[] texts = [.. Enumerable.Repeat("Ada Lovelace met Charles Babbage in London .", 1_000)];
        long before = runtime.Usage.Single().Batches;
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        Task run = Task.Run(
            () =>
            {
                while (true)
                {
                    embedder.Embed(texts, cancellationToken);
                }
            },
            cancellationToken
        );
        await Recorder.UntilAsync(() => Task.FromResult(runtime.Usage.Single().Batches > before));

        embedder.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => run); // by the run after the one that was under way
        Assert.Empty(runtime.Usage);
    }

    [Fact]
    public void Run_OfAModelWhoseTextsGrow_IsEndedByTheMemoryTheyTake()
    {
        using TemporaryPackage package = LoopModel.DoublingText("growing", 26); // a gigabyte, were it not ended
        using var runtime = new InferenceRuntime(new RuntimeOptions { MaxStringBytes = 64 << 20 });
        using var model = new RawModel(runtime, ModelPackage.Load(package.Folder, ModelLimits.Default));
        NamedTensor x = new("x", "FP32", [1]) { Data = new byte[sizeof(float)] };

        var fault = Assert.Throws<ModelFaultException>(() => model.Run([x], TestContext.Current.CancellationToken));

        Assert.Contains("MaxStringBytes", fault.Message, StringComparison.Ordinal);
        Assert.Throws<ModelFaultException>(() => model.Run([x], TestContext.Current.CancellationToken)); // and the next one too
    }

    [Fact]
    public void ProcessorTime_GrowsByWhatModelsDo()
    {
        using var runtime = new InferenceRuntime(new RuntimeOptions());
        var embedder = new TextEmbedder(runtime, TestModels.Load("text-mean"));
        TimeSpan before = InferenceRuntime.ProcessorTime;

        embedder.Embed([.. Enumerable.Repeat("a cat sat on the mat", 64)], TestContext.Current.CancellationToken);

        Assert.InRange(InferenceRuntime.ProcessorTime - before, TimeSpan.FromTicks(1), Environment.CpuUsage.TotalTime);
    }
}
