namespace Serverless.Functions.Azure.Models;

/// <summary>The section Registry, as far as it concerns requests.</summary>
public sealed class ModelsOptions
{
    /// <summary>
    /// Environments whose aliases may be moved by a request even while something serves; default dev. Everywhere else a promotion moves
    /// them.
    /// </summary>
    public IList<string> DirectEnvironments { get; set; } = ["dev"];
}
