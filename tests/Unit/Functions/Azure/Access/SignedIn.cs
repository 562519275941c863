using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Serverless.Unit.Functions.Azure.Access;

/// <summary>Somebody who is signed in, as App Service authentication puts them into a request's headers.</summary>
internal sealed record SignedIn(string? Name, string Id, params string[] Roles)
{
    private const string RoleType = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role";

    /// <summary>Claims beside those of the id, the name and the roles.</summary>
    public IReadOnlyList<(string Type, string Value)> Others { get; init; } = [];

    public string Principal =>
        Convert.ToBase64String(
            JsonSerializer.SerializeToUtf8Bytes(
                new
                {
                    auth_typ = "aad",
                    claims = new[] { (Type: "http://schemas.microsoft.com/identity/claims/objectidentifier", Value: Id) }
                        .Concat(Roles.Select(role => (Type: RoleType, Value: role)))
                        .Concat(Others)
                        .Select(claim => new { typ = claim.Type, val = claim.Value }),
                    name_typ = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
                    role_typ = RoleType,
                }
            )
        );

    public void AddTo(HttpRequestMessage request)
    {
        foreach ((string header, string value) in Headers())
        {
            request.Headers.Add(header, value);
        }
    }

    public void AddTo(HttpRequest request)
    {
        foreach ((string header, string value) in Headers())
        {
            request.Headers[header] = value;
        }
    }

    private IEnumerable<(string Header, string Value)> Headers()
    {
        yield return ("X-MS-CLIENT-PRINCIPAL", Principal);
        if (Name is not null)
        {
            yield return ("X-MS-CLIENT-PRINCIPAL-NAME", Name);
        }
    }
}
