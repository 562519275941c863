namespace Serverless.Functions.Azure.Models;

/// <summary>The section Registry, as far as it concerns requests.</summary>
public sealed class ModelsOptions
{
    /// <summary>
    /// Environments whose aliases may be moved by a request even while something serves; default dev. Everywhere else a promotion moves
    /// them.
    /// </summary>
    public IList<string> DirectEnvironments { get; set; } = ["dev"];

    /// <summary>
    /// Whether a request may also set a model's first alias in any environment, past its plan; default false. For machines on which things
    /// are tried: the local stack sets it.
    /// </summary>
    public bool FirstAliasDirect { get; set; }
}
