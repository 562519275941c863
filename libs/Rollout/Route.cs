namespace Serverless.Rollout;

/// <summary>Which version answers one request.</summary>
/// <param name="Arm">One of <see cref="ArmNames"/>, or an arm of the experiment.</param>
/// <param name="ShadowVersion">The version that gets a copy of the request, off the caller's path; null for none.</param>
/// <param name="Revision">Of the rollout record; 0 where there is none.</param>
/// <param name="Experiment">The experiment that the arm belongs to.</param>
public sealed record Route(int Version, string Arm, int? ShadowVersion, long Revision, string? Experiment = null);

/// <summary>Nothing serves this model in this environment.</summary>
public sealed class NotServedException(string environment, string model)
    : Exception($"No version of model '{model}' serves in environment '{environment}'.");

/// <summary>A request asked for an arm that the model does not have now.</summary>
public sealed class UnknownArmException(string model, string arm, IEnumerable<string> allowed)
    : Exception($"Model '{model}' has no arm '{arm}' now; allowed are {string.Join(", ", allowed)}.");
