using System.ComponentModel.DataAnnotations;

namespace Serverless.AzureSearch;

/// <summary>What answers searches.</summary>
public enum SearchEngine
{
    /// <summary>Words and vectors in this process and on its disk.</summary>
    BuiltIn,

    /// <summary>One index of an Azure AI Search service, for more than a process holds.</summary>
    AzureAISearch,
}

/// <summary>Which engine answers searches, and where it is.</summary>
public sealed class SearchEngineOptions : IValidatableObject
{
    /// <summary>BuiltIn by default.</summary>
    [EnumDataType(typeof(SearchEngine), ErrorMessage = "allowed are BuiltIn and AzureAISearch")]
    public SearchEngine Engine { get; set; } = SearchEngine.BuiltIn;

    /// <summary>Of the service, for instance https://name.search.windows.net.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>"assets" by default; it is made where it is missing.</summary>
    [RegularExpression("^[a-z0-9]([a-z0-9-]{0,126}[a-z0-9])?$")]
    public string Index { get; set; } = "assets";

    /// <summary>
    /// An admin key of the service; give it as a reference to a vault. Empty (the default): the identity of the process, which needs the
    /// roles Search Service Contributor and Search Index Data Contributor.
    /// </summary>
    public string? Key { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (
            Engine == SearchEngine.AzureAISearch
            && Endpoint is not { IsAbsoluteUri: true, Scheme: "https", PathAndQuery: "/", UserInfo: "" }
        )
        {
            yield return new(
                $"Endpoint is '{Endpoint}'; with Engine AzureAISearch it must be the service's, such as https://name.search.windows.net."
            );
        }
    }
}
