using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Serverless.Inference.Sessions;

/// <summary>Which execution provider sessions get, and the reason for it.</summary>
internal sealed class ProviderChoice
{
    private const string CudaProvider = "CUDAExecutionProvider";
    private const string CudaLibrary = "libonnxruntime_providers_cuda.so";

    private readonly IReadOnlyList<OrtEpDevice> _devices;

    private ProviderChoice(string name, string reason, IReadOnlyList<OrtEpDevice> devices) =>
        (Name, Reason, _devices) = (name, reason, devices);

    public string Name { get; }
    public string Reason { get; }

    public bool IsGpu => Name == "CUDA";

    /// <exception cref="InvalidOperationException">CUDA is demanded and not there; the message says what is missing.</exception>
    public static ProviderChoice Make(ProviderPreference preference, string? cudaFolder)
    {
        if (preference == ProviderPreference.Cpu)
        {
            return new ProviderChoice("CPU", "asked for", []);
        }
        string? obstacle = FindObstacle(cudaFolder ?? DefaultFolder(), out string library);
        IReadOnlyList<OrtEpDevice> devices = [];
        if (obstacle is null)
        {
            (devices, obstacle) = RegisterCuda(library);
        }
        if (obstacle is null)
        {
            return new ProviderChoice("CUDA", $"{library} and a driver are present", devices);
        }
        return preference == ProviderPreference.Auto
            ? new ProviderChoice("CPU", $"no CUDA: {obstacle}", [])
            : throw new InvalidOperationException($"The CUDA provider was asked for, but {obstacle}");
    }

    public void AppendTo(SessionOptions options)
    {
        if (_devices.Count > 0)
        {
            options.AppendExecutionProvider(OrtEnv.Instance(), _devices, new Dictionary<string, string>());
        }
        else if (IsGpu)
        {
            options.AppendExecutionProvider_CUDA();
        }
    }

    /// <summary>A publish for one platform puts native libraries beside the application, a build into the platform's folder.</summary>
    private static string DefaultFolder()
    {
        string native = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");
        return File.Exists(Path.Combine(native, CudaLibrary)) ? native : AppContext.BaseDirectory;
    }

    private static string? FindObstacle(string folder, out string library)
    {
        library = Path.Combine(folder, CudaLibrary);
        if (!File.Exists(library))
        {
            return $"{library} does not exist (it is in the package Microsoft.ML.OnnxRuntime.Gpu.Linux: build gpu-batch with -p:Gpu=true)";
        }
        if (!NativeLibrary.TryLoad("libcuda.so.1", out nint driver))
        {
            return "libcuda.so.1, the NVIDIA driver's library, cannot be loaded";
        }
        NativeLibrary.Free(driver);
        return null;
    }

    /// <summary>The GPU build of ONNX Runtime has the provider built in; to the plain build it is registered as a plug-in.</summary>
    private static (IReadOnlyList<OrtEpDevice> Devices, string? Obstacle) RegisterCuda(string library)
    {
        OrtEnv environment = OrtEnv.Instance();
        if (environment.GetAvailableProviders().Contains(CudaProvider))
        {
            return ([], null);
        }
        try
        {
            OrtEpDevice[] devices = FindDevice(environment); // an earlier runtime of this process may have registered it
            if (devices.Length == 0)
            {
                environment.RegisterExecutionProviderLibrary("CUDA", library);
                devices = FindDevice(environment);
            }
            return (devices, devices.Length > 0 ? null : $"{library} finds no device");
        }
        catch (OnnxRuntimeException e)
        {
            return ([], $"{library} cannot be used: {e.Message}");
        }
    }

    private static OrtEpDevice[] FindDevice(OrtEnv environment) =>
        [.. environment.GetEpDevices().Where(d => d.EpName == CudaProvider).Take(1)];
}
