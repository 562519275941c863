namespace Serverless.Packages;

/// <summary>How a version fared when it was first loaded and run, in a process of its own. Only a version that has one is served.</summary>
/// <param name="Milliseconds">From the start of the process to the answer of a first input.</param>
/// <param name="PeakBytes">The most that the process had resident, the runtime included.</param>
/// <param name="Provider">What ran it: "CPU" or "CUDA".</param>
public sealed record FirstLoadReport(double Milliseconds, long PeakBytes, string Provider, DateTimeOffset At);

/// <summary>Loads a package that nobody trusts yet and has it answer a first input, in a process of its own, within its limits.</summary>
/// <param name="folder">The package's files.</param>
/// <exception cref="ModelRejectedException">It does not load, or takes more time or memory than it may.</exception>
public delegate Task<FirstLoadReport> LoadTrial(
    string folder,
    ModelReference reference,
    ModelLimits limits,
    CancellationToken cancellationToken
);
