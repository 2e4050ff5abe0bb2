//! The exports that are known, and nothing but their headers: one entry a product, columns in order of preference.
//!
//! Columns that an export shares with everybody (`Email`) are left to the headers that mean the same in any file, unless
//! their order is the export's own.

use super::Bare::{International, Local};
use super::Export;
use crate::mapping::alias::Meaning::{
    Email, FirstName, LastName, MiddleName, Name, Nothing, Phone, Tags,
};
use crate::mapping::alias::PhoneKind::{Home, Mobile, Other, Primary, Whatsapp, Work};

/// The exports, those with the surest marks first.
pub(super) const EXPORTS: &[Export] = &[
    Export {
        name: "Google Contacts",
        marks: &[
            &["phone 1 value"],
            &["e-mail 1 value"],
            &["phone 1 label"],
            &["group membership"],
        ],
        columns: &[
            // The older form has a whole name, the newer one its parts.
            (Name, &["name"]),
            (FirstName, &["first name", "given name"]),
            (MiddleName, &["middle name", "additional name"]),
            (LastName, &["last name", "family name"]),
            (Name, &["organization name", "organization 1 name"]),
            (Tags, &["labels", "group membership"]),
        ],
        bare: Local,
        system_tag: Some("* "),
    },
    Export {
        name: "vCard",
        // Beside no other phone is `FN` a whole name: advertisers' lists call the first name so.
        marks: &[&["fn", "tel"]],
        columns: &[
            (Name, &["fn"]),
            (FirstName, &["given name"]),
            (MiddleName, &["additional name"]),
            (LastName, &["family name"]),
            (Name, &["org"]),
        ],
        bare: Local,
        system_tag: None,
    },
    Export {
        name: "Shopify orders",
        marks: &[
            &["lineitem name"],
            &["billing name", "financial status"],
            &["billing name", "shipping name"],
        ],
        columns: &[
            // The number of the order.
            (Nothing, &["name"]),
            (Name, &["billing name"]),
            (Name, &["shipping name"]),
            (Phone(Primary), &["billing phone"]),
            (Phone(Primary), &["shipping phone"]),
            (Phone(Primary), &["phone"]),
        ],
        bare: Local,
        system_tag: None,
    },
    Export {
        // Columns of it: `Name` may be a person's, unless it is the number of an order.
        name: "Shopify orders",
        marks: &[&["billing name"], &["shipping name"]],
        columns: &[
            (Name, &["billing name"]),
            (Name, &["shipping name"]),
            (Name, &["name"]),
            (Phone(Primary), &["billing phone"]),
            (Phone(Primary), &["shipping phone"]),
            (Phone(Primary), &["phone"]),
        ],
        bare: Local,
        system_tag: None,
    },
    Export {
        name: "Shopify customers",
        marks: &[
            &["default address phone"],
            &["default address city"],
            &["accepts email marketing"],
        ],
        columns: &[
            (Phone(Primary), &["phone"]),
            (Phone(Primary), &["default address phone"]),
        ],
        bare: Local,
        system_tag: None,
    },
    Export {
        name: "WooCommerce",
        marks: &[
            &["user email"],
            &["billing phone", "first name"],
            &["billing phone", "billing email"],
        ],
        columns: &[
            (FirstName, &["first name", "billing first name"]),
            (LastName, &["last name", "billing last name"]),
            (Name, &["display name"]),
            (Phone(Primary), &["billing phone"]),
            (Email, &["user email"]),
            (Email, &["billing email"]),
        ],
        bare: Local,
        system_tag: None,
    },
    Export {
        name: "Pipedrive",
        marks: &[
            &["person name"],
            &["person first name"],
            &["person phone mobile"],
            &["person phone work"],
            &["person phone"],
        ],
        columns: &[
            (Name, &["person name"]),
            (FirstName, &["person first name"]),
            (LastName, &["person last name"]),
            (Phone(Mobile), &["person phone mobile"]),
            (Phone(Primary), &["person phone"]),
            (Phone(Work), &["person phone work"]),
            (Phone(Home), &["person phone home"]),
            (Phone(Other), &["person phone other"]),
            (Email, &["person email work"]),
            (Email, &["person email home"]),
            (Email, &["person email other"]),
            (Email, &["person email"]),
            (Tags, &["person labels", "person label"]),
        ],
        bare: Local,
        system_tag: None,
    },
    Export {
        name: "Brevo",
        // In its own capitals: what its numbers mean must not be taken for that of any file with a column for SMS.
        marks: &[
            &["=SMS", "=EMAIL"],
            &["=SMS", "=FIRSTNAME"],
            &["=SMS", "=LASTNAME"],
            &["=SMS", "=WHATSAPP"],
        ],
        columns: &[(Phone(Whatsapp), &["whatsapp"]), (Phone(Mobile), &["sms"])],
        bare: International,
        system_tag: None,
    },
    Export {
        name: "Apollo",
        marks: &[&["work direct phone"], &["corporate phone"]],
        columns: &[
            (Phone(Mobile), &["mobile phone"]),
            (Phone(Work), &["work direct phone"]),
            (Phone(Work), &["corporate phone"]),
            (Tags, &["lists"]),
        ],
        bare: Local,
        system_tag: None,
    },
    Export {
        name: "Zoho CRM",
        marks: &[
            &["tag", "mobile", "secondary email"],
            &["tag", "mobile", "home phone"],
            &["mobile", "contact name", "home phone"],
            &["mobile", "contact owner", "last name"],
        ],
        columns: &[
            (FirstName, &["first name"]),
            (LastName, &["last name"]),
            (Name, &["contact name"]),
        ],
        bare: Local,
        system_tag: None,
    },
    Export {
        name: "HubSpot",
        marks: &[
            &["record id", "mobile phone number"],
            &["record id", "whatsapp phone number"],
            &["record id", "phone number"],
        ],
        columns: &[(Email, &["email"]), (Email, &["work email"])],
        bare: Local,
        system_tag: None,
    },
    Export {
        name: "Thunderbird",
        marks: &[
            &["mobile number", "display name"],
            &["primary email", "secondary email"],
        ],
        columns: &[
            (FirstName, &["first name"]),
            (LastName, &["last name"]),
            (Name, &["display name"]),
            (Phone(Mobile), &["mobile number"]),
            (Email, &["primary email"]),
            (Email, &["secondary email"]),
        ],
        bare: Local,
        system_tag: None,
    },
    Export {
        name: "Outlook",
        marks: &[
            &["mobile phone", "primary phone"],
            &["mobile phone", "business phone"],
            &["business phone", "e-mail address"],
            &["e-mail 2 address"],
            &["company main phone"],
            &["vorname", "mobiltelefon", "e-mail-adresse"],
            &["vorname", "kategorien", "e-mail-adresse"],
            &["prénom", "tél. mobile"],
            &["prénom", "adresse de messagerie"],
            &["teléfono móvil", "categorías"],
            &["primeiro nome", "endereço de e-mail"],
            &["telefono mobile", "indirizzo e-mail"],
        ],
        columns: &[
            (Phone(Mobile), &["mobile phone"]),
            (Phone(Primary), &["primary phone"]),
            (Phone(Work), &["business phone"]),
            (Phone(Home), &["home phone"]),
            (Phone(Other), &["other phone"]),
            (Phone(Other), &["company main phone"]),
            (Phone(Other), &["car phone"]),
        ],
        bare: Local,
        system_tag: None,
    },
    Export {
        name: "Salesforce",
        marks: &[
            &["=FirstName", "=MobilePhone"],
            &["=LastName", "=MobilePhone"],
            &["=MobilePhone", "=OtherPhone"],
            &["account name", "last name"],
            &["account owner", "last name"],
            &["phone", "home phone", "other phone"],
            &["full name", "mobile phone", "mobile"],
            &["full name", "mobile phone", "phone"],
        ],
        columns: &[
            (FirstName, &["first name"]),
            (LastName, &["last name"]),
            (Name, &["full name"]),
            (Phone(Mobile), &["mobile phone"]),
            (Phone(Mobile), &["mobile"]),
        ],
        bare: Local,
        system_tag: None,
    },
    Export {
        name: "Mailchimp",
        marks: &[
            &["leid", "euid"],
            &["member rating"],
            &["=Email Address", "=TAGS"],
        ],
        columns: &[],
        bare: Local,
        system_tag: None,
    },
    Export {
        name: "Klaviyo",
        marks: &[
            &["klaviyo id"],
            &["email marketing consent", "phone number"],
        ],
        columns: &[],
        bare: Local,
        system_tag: None,
    },
    Export {
        name: "Interakt",
        marks: &[
            &["whatsapp opted", "country code"],
            &["name", "country code", "phone number", "email"],
        ],
        columns: &[],
        bare: Local,
        system_tag: None,
    },
    Export {
        name: "Chatwoot",
        marks: &[
            &["=name", "=phone_number", "=labels"],
            &["=phone_number", "=email", "=labels"],
        ],
        columns: &[],
        bare: Local,
        system_tag: None,
    },
    Export {
        name: "ActiveCampaign",
        marks: &[
            &[
                "first name",
                "last name",
                "phone",
                "email",
                "tags",
                "customer account",
            ],
            &[
                "first name",
                "last name",
                "phone",
                "email",
                "tags",
                "subscribe date",
            ],
            &[
                "first name",
                "last name",
                "phone",
                "email",
                "tags",
                "date created",
            ],
        ],
        columns: &[],
        bare: Local,
        system_tag: None,
    },
];
