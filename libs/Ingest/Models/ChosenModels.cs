using Serverless.Ingest.Documents;

namespace Serverless.Ingest.Models;

/// <summary>The versions that are asked about an asset.</summary>
/// <param name="InputSide">Pixels of the shorter side below which a picture would be enlarged for one of them; 0 where none looks at
/// pictures.</param>
public sealed record ChosenModels(IReadOnlyList<ModelUse> Uses, int InputSide);
