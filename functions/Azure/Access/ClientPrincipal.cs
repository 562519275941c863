using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;

namespace Serverless.Functions.Azure.Access;

internal sealed record PrincipalClaim([property: JsonPropertyName("typ")] string? Type, [property: JsonPropertyName("val")] string? Value);

/// <summary>
/// Who is signed in, as App Service authentication tells the app in headers ("Work with user identities", learn.microsoft.com/azure/
/// app-service/configure-authentication-user-identities). To be read only where the platform sets them.
/// </summary>
/// <param name="Provider">Which identity provider it was, for instance "aad".</param>
/// <param name="RoleType">The type of the claims that name roles.</param>
internal sealed record ClientPrincipal(
    [property: JsonPropertyName("auth_typ")] string? Provider,
    [property: JsonPropertyName("claims")] IReadOnlyList<PrincipalClaim?>? Claims,
    [property: JsonPropertyName("role_typ")] string? RoleType
)
{
    public const string Header = "X-MS-CLIENT-PRINCIPAL";
    public const string NameHeader = "X-MS-CLIENT-PRINCIPAL-NAME";
    public const string IdHeader = "X-MS-CLIENT-PRINCIPAL-ID";

    /// <summary>A principal of 200 groups, the most that Entra puts into a token, has about 16,000.</summary>
    public const int MaxCharacters = 24 << 10;

    private const int MaxIdCharacters = 256;
    private const string Roles = "roles";
    private const string Groups = "groups";

    /// <summary>Of which the first that there is counts. The object's id stays when a person is renamed, and is no other's.</summary>
    private static readonly string[] IdTypes =
    [
        "http://schemas.microsoft.com/identity/claims/objectidentifier",
        "oid",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier",
        "sub",
    ];

    /// <summary>Null where nobody is signed in.</summary>
    /// <exception cref="RequestProblem">It is too long, is no base64 of JSON, or names nobody.</exception>
    public static ClientPrincipal? Read(HttpRequest request)
    {
        string encoded = request.Headers[Header].ToString();
        if (encoded.Length == 0)
        {
            return null;
        }
        if (encoded.Length > MaxCharacters)
        {
            throw RequestProblem.BadRequest($"The header {Header} has {encoded.Length:N0} characters; allowed are {MaxCharacters:N0}.");
        }
        byte[] json = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, json, out int length))
        {
            throw RequestProblem.BadRequest($"The header {Header} is no base64.");
        }
        try
        {
            return JsonSerializer.Deserialize<ClientPrincipal>(json.AsSpan(0, length))
                ?? throw RequestProblem.BadRequest($"The header {Header} holds null; expected is a principal with its claims.");
        }
        catch (JsonException e)
        {
            throw RequestProblem.BadRequest(
                $"The header {Header} holds no principal in JSON: {e.Path ?? "$"}, byte {e.BytePositionInLine ?? 0:N0}."
            );
        }
    }

    /// <summary>What the person or program has been given by its roles, and by roles and groups that are listed.</summary>
    public AccessRoles RolesBy(AccessOptions options)
    {
        AccessRoles roles = AccessRoles.None;
        foreach (PrincipalClaim? claim in Claims ?? [])
        {
            // No other claim counts: what a person is called is often their own choice.
            bool isRole = claim?.Type is { Length: > 0 } type && (type == RoleType || type == Roles);
            if (claim?.Value is not { } value || !(isRole || claim.Type == Groups))
            {
                continue;
            }
            IEnumerable<string> given = options.Claims.Values.Where(listed => listed.Value == value).Select(listed => listed.Roles);
            roles |= (isRole ? given.Append(value) : given).Aggregate(AccessRoles.None, (all, list) => all | RoleNames.Parse(list));
        }
        return roles;
    }

    /// <exception cref="RequestProblem">The principal has no id.</exception>
    public string IdIn(HttpRequest request)
    {
        string? id = IdTypes
            .Select(type => Claims?.FirstOrDefault(claim => claim?.Type == type)?.Value)
            .Append(request.Headers[IdHeader].ToString())
            .FirstOrDefault(found => !string.IsNullOrWhiteSpace(found));
        return id is { Length: <= MaxIdCharacters }
            ? $"identity:{Provider}:{id}"
            : throw new RequestProblem(
                StatusCodes.Status401Unauthorized,
                $"Nobody is signed in: the header {Header} has no claim with the id of an object or subject of 1 to {MaxIdCharacters} "
                    + "characters."
            );
    }
}
