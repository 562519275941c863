namespace Serverless.Vectors;

/// <summary>How much of each row a search compares before it reads the vectors of the best.</summary>
public enum SearchDepth
{
    /// <summary>Sign bits where there are many rows, and the codes of those that they choose. What is wanted nearly always.</summary>
    Chosen,

    /// <summary>The codes of all rows: as many bytes as the index is large, and as good as exact.</summary>
    AllCodes,
}
