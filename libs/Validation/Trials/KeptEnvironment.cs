using System.Diagnostics;

namespace Serverless.Validation.Trials;

/// <summary>What a process that runs a model nobody trusts is given of the environment.</summary>
public static class KeptEnvironment
{
    /// <summary>Where libraries, devices and the runtime are found; the rest may hold secrets.</summary>
    private static readonly string[] Kept =
    [
        "PATH",
        "HOME",
        "TMPDIR",
        "LD_LIBRARY_PATH",
        "DOTNET_ROOT",
        "DOTNET_HOST_PATH",
        "CUDA_VISIBLE_DEVICES",
        "NVIDIA_VISIBLE_DEVICES",
    ];

    public static void RemoveOthers(ProcessStartInfo start)
    {
        foreach (string name in start.Environment.Keys.Except(Kept).ToList())
        {
            start.Environment.Remove(name);
        }
    }
}
